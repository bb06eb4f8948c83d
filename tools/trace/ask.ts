import { messageOf, UserError } from '../host/user-error.ts';
import type { TraceQuery } from './query.ts';
import { type ReadSpans, readSpans } from './read-spans.ts';

const requestTimeoutMs = 5_000;
/** As gRPC names it: the host's receiver answers so if there is no such trace. Other servers have other errors. */
const notFoundCode = 5;
/** More than the memory of a receiver holds. */
const answerBytesMax = 256 * 1024 * 1024;

/** The spans of a query. Undefined: there are none. @throws {UserError} when the receiver does not answer as it should. */
export async function askReceiver(url: string, { by, id }: TraceQuery): Promise<ReadSpans | undefined> {
  const address = new URL(`traces?${new URLSearchParams({ [by]: id })}`, url.endsWith('/') ? url : `${url}/`);
  const response = await answered(url, fetch(address, { signal: AbortSignal.timeout(requestTimeoutMs) }));
  const answer = jsonOf(await answered(url, bodyOf(response)));
  if (response.status === 404 && Object(answer).code === notFoundCode) return undefined;
  if (response.ok && Array.isArray(Object(answer).resourceSpans)) return readSpans(answer);
  throw new UserError(`${url} is not the receiver of a host: it answers ${response.status}.`);
}

async function answered<Result>(url: string, answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (error) {
    throw new UserError(
      `${url} does not answer (${messageOf(Object(error).cause ?? error)}). Does the host still run?`,
    );
  }
}

async function bodyOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) throw new Error('the answer is larger than 256 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Undefined: it is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
