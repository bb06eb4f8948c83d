import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { isOutage } from '../outage.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { type BatchTarget, batchGet, batchPut, type Item } from './dynamodb-batches.ts';

const items = (count: number) => Array.from({ length: count }, (_, id): Item => ({ id: { N: String(id) } }));

interface Call {
  readonly table: { readonly Keys: readonly Item[] } & readonly unknown[];
}

/** A fake of DynamoDB that processes only `perCall` items per call. The real one does not leave items unprocessed on demand. */
function dynamoDBThatProcesses(perCall: number) {
  const sizes: number[] = [];
  const send = async ({ input }: { input: { RequestItems: Call } }) => {
    const { table } = input.RequestItems;
    const all = table.Keys ?? table;
    sizes.push(all.length);
    const rest = all.slice(perCall);
    return {
      Responses: { table: all.slice(0, perCall) },
      UnprocessedKeys: rest.length > 0 ? { table: { Keys: rest } } : {},
      UnprocessedItems: rest.length > 0 ? { table: rest } : {},
    };
  };
  const effects = simulatedEffects();
  const target: BatchTarget = { client: { send } as unknown as DynamoDBClient, tableName: 'table', effects };
  return { target, sizes, effects };
}

describe('batches on DynamoDB', () => {
  it('are cut into calls of 100 keys or 25 items', async () => {
    const { target, sizes } = dynamoDBThatProcesses(100);
    expect(await batchGet(target, items(230), true)).toEqual(items(230));
    await batchPut(target, items(60));
    expect(sizes).toEqual([100, 100, 30, 25, 25, 10]);
  });

  it('send unprocessed items again, after a wait', async () => {
    const { target, sizes, effects } = dynamoDBThatProcesses(4);
    expect(await batchGet(target, items(10), true)).toEqual(items(10));
    await batchPut(target, items(5));
    expect(sizes).toEqual([10, 6, 2, 5, 1]);
    expect(effects.delays).toHaveLength(3);
  });

  it('fail if items stay unprocessed in 8 attempts', async () => {
    const { target, sizes, effects } = dynamoDBThatProcesses(0);
    const sentence = 'DynamoDB left 3 of 3 items of a batch unprocessed in 8 attempts.';
    await expect(batchGet(target, items(3), true)).rejects.toThrow(sentence);
    await expect(batchPut(target, items(3))).rejects.toThrow(sentence);
    expect(sizes).toEqual(Array(16).fill(3));
    expect(effects.delays).toHaveLength(14);
    expect(isOutage(await batchPut(target, items(3)).catch((error: unknown) => error))).toBe(true);
  });
});
