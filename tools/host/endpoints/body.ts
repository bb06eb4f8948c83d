import type { IncomingMessage } from 'node:http';

/** The whole body, or undefined when it is larger than `limitBytes`; what is too much is read and dropped. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= limitBytes) chunks.push(chunk);
  }
  return sizeBytes > limitBytes ? undefined : Buffer.concat(chunks);
}
