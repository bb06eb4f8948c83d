import { ExportFailure, failureOfStatus } from './export-failure.ts';
import type { Answer } from './http-post.ts';

/**
 * The number of spans that the receiver did not take. Throws an {@link ExportFailure} if the answer is not a success of OTLP.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function rejectedSpans({ status, body }: Answer): number {
  if (status < 200 || status > 299) throw failureOfStatus(status);
  // An empty body is a success too: some receivers do not write one.
  if (body.byteLength === 0) return 0;
  const rejected = partialSuccess(body)?.['rejectedSpans'] ?? 0;
  const count = Number(rejected);
  if (!Number.isSafeInteger(count) || count < 0) throw garbage();
  return count;
}

function partialSuccess(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const answer = parsed(body);
  if (!isRecord(answer)) throw garbage();
  const partial = answer['partialSuccess'] ?? {};
  if (!isRecord(partial)) throw garbage();
  return partial;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    throw garbage();
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function garbage(): ExportFailure {
  return new ExportFailure(
    'The answer is not one of OTLP. Check the URL: it must be the whole one, with /v1/traces.',
  );
}
