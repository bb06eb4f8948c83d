import { z } from 'zod';

const nameError = 'header.name must be the name of a header';

/** The name of an HTTP header (RFC 9110, 5.6.2). */
const headerName = z
  .string({ error: nameError })
  .max(100, { error: nameError })
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: nameError })
  .refine((name) => !ownHeaders.test(name), {
    error: 'header.name must not be a header that the exporter sets',
  });

/** Headers that the exporter or the connection sets itself. `authorization` is not one of them. */
const ownHeaders =
  /^(?:host|content-(?:type|length|encoding)|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect)$/i;

const arnError = 'header.secretArn must be the whole ARN of a secret, with the six characters at its end';

/** The whole ARN of a secret, with the six characters at its end: a policy that lacks them does not match. */
const secretArn = z
  .string({ error: arnError })
  .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/, {
    error: arnError,
  });

const toError =
  'to must be "cloudwatch", or the https URL of a collector with its path, without ?, #, user and password: the secret of a header has the key';
const ratioError = 'ratio must be a number from 0 to 1';

const otlp = z
  .strictObject({
    /** `cloudwatch`: CloudWatch's own endpoint in the region of the stack. Otherwise the whole URL of a collector. */
    to: z
      .string({ error: toError })
      .max(500, { error: toError })
      .refine((to) => to === 'cloudwatch' || isCollectorUrl(to), { error: toError }),
    /** A header that the collector asks for. Its value is in a secret, as plain text. */
    header: z.strictObject({ name: headerName, secretArn }).readonly().exactOptional(),
    /** The part of traces without a parent that is recorded. What fails is always recorded. */
    ratio: z.number({ error: ratioError }).min(0, { error: ratioError }).max(1, { error: ratioError }),
  })
  // Requests to CloudWatch are signed.
  .refine(({ to, header }) => to !== 'cloudwatch' || header === undefined, {
    error: 'requests to "cloudwatch" have no header of yours: they are signed',
  })
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

/** What is wrong with a refused value that sends traces by OpenTelemetry. Undefined: it is of another form. */
export function otlpProblem(setting: unknown): string | undefined {
  const { otlp: given } = Object(setting) as { readonly otlp?: unknown };
  return given === undefined ? undefined : otlp.safeParse(given).error?.issues[0]?.message;
}
