import { tracingVariables } from '../../../schema/tracing.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of the adapter. */
export interface OtlpSettings {
  readonly url: URL;
  /** Maximum time of an export, in ms. */
  readonly maxMs: number;
  /** From 0 to 1. */
  readonly ratio: number;
  /** The region for which requests are signed. Undefined: they are not. */
  readonly signingRegion: string | undefined;
  readonly header: { readonly name: string; readonly secretArn: string } | undefined;
}

const { endpoint, timeoutMs, ratio, signing, headerName, headerSecret } = tracingVariables;

/** An invocation waits for its export, so it is short. */
const defaultMaxMs = 100;
const longestMaxMs = 10_000;

/** Headers that the exporter writes itself. */
const ownHeaders = ['host', 'content-type', 'content-length', 'transfer-encoding', 'connection'];

/** Reads the variables. Throws an error that says what to change if one is missing or invalid. */
export function otlpSettings(env: Environment): OtlpSettings {
  return {
    url: urlOf(env),
    maxMs: maxMsOf(env),
    ratio: ratioOf(env),
    signingRegion: signingRegionOf(env),
    header: headerOf(env),
  };
}

function urlOf(env: Environment): URL {
  const text = env[endpoint];
  const must = `${endpoint} must be the whole URL of a receiver of traces, as http://localhost:4318/v1/traces`;
  if (!text) throw new Error(`${must}. It is not set.`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new Error(`${must}. It is no URL of http or https.`);
  if (url.username !== '' || url.password !== '') {
    throw new Error(`${endpoint} must not have a user or a password. Put them into the secret of a header.`);
  }
  return url;
}

function maxMsOf(env: Environment): number {
  const text = env[timeoutMs] || String(defaultMaxMs);
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= longestMaxMs) return value;
  throw new Error(
    `${timeoutMs} is "${text}"; it must be a whole number of milliseconds from 1 to ${longestMaxMs}.`,
  );
}

function ratioOf(env: Environment): number {
  const text = env[ratio] || '1';
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new Error(`${ratio} is "${text}"; it must be a number from 0 to 1.`);
}

function signingRegionOf(env: Environment): string | undefined {
  if (!env[signing]) return undefined;
  if (env[signing] !== 'sigv4')
    throw new Error(`${signing} is "${env[signing]}"; it must be "sigv4", or not set.`);
  if (!env['AWS_REGION']) throw new Error(`${signing} is "sigv4", so AWS_REGION must be set.`);
  return env['AWS_REGION'];
}

function headerOf(env: Environment): OtlpSettings['header'] {
  const [name, secretArn] = [env[headerName]?.toLowerCase(), env[headerSecret]];
  if (!name && !secretArn) return undefined;
  if (!name || !secretArn) throw new Error(`Set both ${headerName} and ${headerSecret}, or neither.`);
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || ownHeaders.includes(name)) {
    throw new Error(
      `${headerName} is "${name}"; it must be the name of a header that the exporter does not write.`,
    );
  }
  if (env[signing] && name === 'authorization') {
    throw new Error(`Set ${signing} or the header "authorization", not both: a signature is in that header.`);
  }
  if (!secretArn.startsWith('arn:')) throw new Error(`${headerSecret} must be the ARN of a secret.`);
  return { name, secretArn };
}
