import { UserError } from '../user-error.ts';

/** Paths that are added to the base URL, and end what many people paste. */
const signalPath = /\/v1\/(traces|metrics|logs)$/;

/**
 * Reads the value of `--otlp`: the base URL of a receiver, without `/` at its end.
 * @throws {UserError} when it is none. The message has no credentials of the URL.
 */
export function parseOtlp(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new UserError(example);
  if (url.username !== '' || url.password !== '')
    throw new UserError('--otlp takes no user name or password in its URL: log lines would show them.');
  if (url.search !== '' || url.hash !== '' || /[?#]$/.test(text))
    throw new UserError('--otlp takes a URL without ? and #: the host adds paths such as /v1/traces to it.');
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  if (signalPath.test(base))
    throw new UserError(`--otlp takes the base URL, such as: --otlp ${base.replace(signalPath, '')}`);
  return base;
}

const example =
  '--otlp must be the http or https URL of a receiver of OTLP/HTTP, such as: --otlp http://localhost:4318';
