import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { directClient } from '../../../test/simulation/services/dynamodb/direct-client.ts';
import { SimulatedDynamoDB } from '../../../test/simulation/services/dynamodb/simulated-dynamodb.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { DynamoDBRowWriter } from './dynamodb-row-writer.ts';
import { ReadModelKeys } from './read-model-items.ts';

const keys = new ReadModelKeys({ name: 'rows', partitionKey: 'pk', sortKey: 'sk' }, 'g2');
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function writerOn(client: Pick<DynamoDBClient, 'send'>, hasChangingLines = false) {
  return new DynamoDBRowWriter<object, object>({
    target: { client: client as DynamoDBClient, tableName: 'rows', effects: simulatedEffects() },
    keys,
    items: {
      hasChangingLines,
      row: (id, { version }) => ({ ...keys.row(id), version: { N: String(version) } }),
      line: (id, { key, version }) => ({ ...keys.line(id, key), version: { N: String(version) } }),
      entry: () => undefined,
    },
  });
}

describe('a writer of many rows', () => {
  it('has at most eight writes under way, because each is one that readers wait for', async () => {
    let running = 0;
    let most = 0;
    let written = 0;
    const send = async () => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
      written += 1;
      return {};
    };
    const writer = writerOn({ send } as never);
    for (let index = 0; index < 100; index += 1) await writer.row(`id-${index}`, { version: 1, row: {} });
    await writer.drain();
    expect({ most, written }).toEqual({ most: 8, written: 100 });
  });

  it.each([
    { what: 'batches of lines', hasChangingLines: false },
    { what: 'lines that change', hasChangingLines: true },
  ])('stores a row after its lines: $what', async ({ hasChangingLines }) => {
    const order: string[] = [];
    const send = async ({ input }: { input: { Item?: Record<string, { S?: string }> } }) => {
      const part = input.Item?.['sk']?.S ?? 'line#';
      // A row would overtake its lines.
      if (part !== 'row') for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      order.push(part.replace(/#.*/, ''));
      return {};
    };
    const writer = writerOn({ send } as never, hasChangingLines);
    await writer.lines('a', [{ key: '1', line: {}, version: 1 }]);
    await writer.row('a', { version: 1, row: {} });
    await writer.drain();
    expect(order).toEqual(['line', 'row']);
  });

  it('does not replace a newer row', async () => {
    const dynamodb = new SimulatedDynamoDB([
      { name: 'rows', partitionKey: 'pk', sortKey: { name: 'sk', type: 'S' } },
    ]);
    const writer = writerOn(directClient(dynamodb, () => ({ nowMs: 0, staleMs: () => 0 })));
    for (const version of [5, 4]) {
      await writer.row('a', { version, row: {} });
      await writer.drain();
    }
    expect(dynamodb.items('rows')).toEqual([{ ...keys.row('a'), version: { N: '5' } }]);
  });
});
