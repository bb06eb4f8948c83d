import { z } from 'zod';

/** The name of an HTTP header (RFC 9110, 5.6.2). */
const headerName = z
  .string()
  .max(100)
  .regex(/^[\w!#$%&'*+.^`|~-]+$/)
  .refine((name) => !ownHeaders.test(name));

/** Headers that the exporter or the connection sets itself. `authorization` is not one of them. */
const ownHeaders =
  /^(?:host|content-(?:type|length|encoding)|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect)$/i;

/** The whole ARN of a secret, with the six characters at its end: a policy that lacks them does not match. */
const secretArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/);

const otlp = z
  .strictObject({
    /** `cloudwatch`: CloudWatch's own endpoint in the region of the stack. Otherwise the whole URL of a collector. */
    to: z.union([z.literal('cloudwatch'), z.string().max(500).refine(isCollectorUrl)]),
    /** A header that the collector asks for. Its value is in a secret, as plain text. */
    header: z.strictObject({ name: headerName, secretArn }).readonly().exactOptional(),
    /** The part of traces without a parent that is recorded. What fails is always recorded. */
    ratio: z.number().min(0).max(1),
  })
  // Requests to CloudWatch are signed.
  .refine(({ to, header }) => to !== 'cloudwatch' || header === undefined)
  .readonly();

/**
 * Whether spans can be sent to this URL. They go over TLS, except to a collector in the sandbox of the function itself: an extension of Lambda.
 * Credentials and queries are refused, because everybody who may see the function sees them: a secret has the key.
 */
function isCollectorUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s\\]+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(text);
  if (protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) return false;
  return pathname !== '/' && `${search}${hash}${username}${password}` === '';
}

/** What traces the invocations of the functions: see `lib/platform/settings.ts`. */
export const tracingSetting = z.union([z.enum(['off', 'xray']), z.strictObject({ otlp }).readonly()]);

export type TracingSetting = z.infer<typeof tracingSetting>;
