import { type StreamName, streamPattern } from '../kernel/index.ts';
import type { SealRequest } from '../kernel/segments/index.ts';

/** The message of a request to seal a stream. It is ASCII, and has no content of events. */
export function encodeSealRequest({ stream, check }: SealRequest): string {
  return JSON.stringify({ stream, ...(check && { check }) });
}

/** Reads what {@link encodeSealRequest} returned, or the event of a direct invocation. Throws `TypeError` for anything else. */
export function toSealRequest(value: unknown): SealRequest {
  const { stream, check = false }: { readonly stream?: unknown; readonly check?: unknown } = Object(value);
  if (typeof stream !== 'string' || !streamPattern.test(stream) || typeof check !== 'boolean') {
    throw new TypeError(
      'The sealer accepts {"stream": "<category>/<id>"}, with "check": true to check segments too.',
    );
  }
  return { stream: stream as StreamName, check };
}
