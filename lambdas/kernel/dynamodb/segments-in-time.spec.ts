import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from '@jest/globals';
import { tables } from '../../../test/support/test-dynamodb.ts';
import { isOutage } from '../outage.ts';
import { simulatedEffects } from '../testing/index.ts';
import { DynamoDBSegmentStore } from './dynamodb-segment-store.ts';

it('a table that does not answer holds a reader for the time of one read only', async () => {
  let requests = 0;
  const client = new DynamoDBClient({
    endpoint: 'http://localhost:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // Never answers: only the signal ends it.
    requestHandler: {
      handle: (_request: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) =>
        new Promise((_resolve, reject) => {
          requests += 1;
          abortSignal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
        }) as Promise<never>,
    },
  });
  const store = new DynamoDBSegmentStore(client, tables.segments, {
    readLimit: { ...simulatedEffects(), maxMs: 20 },
  });
  const pages = store.segments('counter/a', { fromVersion: 1 })[Symbol.asyncIterator]();
  for (const read of [
    () => store.head('counter/a'),
    () => store.rowBefore('counter/a', 9),
    () => pages.next(),
  ]) {
    const error = await read().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(isOutage(error)).toBe(true);
  }
  expect(requests).toBe(3);
});
