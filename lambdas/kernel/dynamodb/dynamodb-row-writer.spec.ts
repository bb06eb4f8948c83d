import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { DynamoDBRowWriter } from './dynamodb-row-writer.ts';
import { ReadModelKeys } from './read-model-items.ts';

describe('a writer of many rows', () => {
  it('has at most eight writes under way, because each is one that readers wait for', async () => {
    let running = 0;
    let most = 0;
    let written = 0;
    const send = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      written += 1;
      return {};
    };
    const keys = new ReadModelKeys({ name: 'rows', partitionKey: 'pk', sortKey: 'sk' }, 'g2');
    const writer = new DynamoDBRowWriter<object, object>({
      target: {
        client: { send } as unknown as DynamoDBClient,
        tableName: 'rows',
        effects: simulatedEffects(),
      },
      keys,
      items: {
        hasChangingLines: false,
        row: (id, { version }) => ({ ...keys.row(id), version: { N: String(version) } }),
        line: (id, { key }) => keys.line(id, key),
        entry: () => undefined,
      },
    });
    for (let index = 0; index < 100; index += 1) await writer.row(`id-${index}`, { version: 1, row: {} });
    await writer.drain();
    expect({ most, written }).toEqual({ most: 8, written: 100 });
  });
});
