import type { IncomingMessage } from 'node:http';

/** The whole body. Undefined when it is larger than `limitBytes`: the rest is read and ignored. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= limitBytes) chunks.push(chunk);
  }
  return sizeBytes > limitBytes ? undefined : Buffer.concat(chunks);
}
