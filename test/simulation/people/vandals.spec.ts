import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../world/faults.ts';
import { World } from '../world/world.ts';
import { startVandals } from './vandals.ts';

type Item = Readonly<Record<string, AttributeValue>>;

const noService = { execute: () => ({}) };

/** A table of 200 items with a text, a number and bytes. */
function table() {
  const own = Array.from({ length: 200 }, (_, at): Item => {
    const rest = {
      state: { S: '{"status":"open"}' },
      version: { N: '7' },
      commands: { B: new Uint8Array(28) },
    };
    return { stream: { S: `ledger/acc-${at}` }, ...rest };
  });
  const items = new Map(own.map((item) => [item['stream']?.S, item]));
  return {
    items,
    damageable: {
      keys: ['stream'],
      items: () => [...items.values()],
      put: (item: Item) => items.set(item['stream']?.S, item),
      delete: (item: Item) => items.delete(item['stream']?.S),
    },
  };
}

async function vandalize(fault: Fault, seed = 3) {
  const services = { dynamodb: noService, kinesis: noService, sqs: noService, kms: noService };
  const world = new World({ seed, faults: [fault], isTraced: true, services });
  const [snapshots, segments, whole] = [table(), table(), table()];
  startVandals(world, { snapshots: snapshots.damageable, segments: segments.damageable });
  await world.time.run(() => false);
  const changed = (items: Map<unknown, Item>) =>
    [...whole.items].filter(
      ([key, item]) => JSON.stringify(items.get(key), asArray) !== JSON.stringify(item, asArray),
    ).length;
  return {
    snapshots: snapshots.items,
    ...{ changedSnapshots: changed(snapshots.items), changedSegments: changed(segments.items) },
    struck: world.faults.struck,
    trace: world.trace.lines,
  };
}

const asArray = (_key: string, value: unknown) => (value instanceof Uint8Array ? [...value] : value);

describe('vandals', () => {
  it('damage a share of the items of their table, and never a key', async () => {
    const { snapshots, changedSnapshots, changedSegments, struck, trace } = await vandalize({
      ...{ kind: 'snapshots-damaged', fromMs: 5_000, share: 0.5 },
    });
    expect(changedSegments).toBe(0);
    expect(changedSnapshots).toBeGreaterThan(60);
    expect(changedSnapshots).toBeLessThan(140);
    expect(struck.get('snapshots-damaged')).toBe(changedSnapshots);
    expect(trace).toHaveLength(changedSnapshots);
    for (const [key, item] of snapshots) expect(item['stream']?.S).toBe(key);
    expect(snapshots.size).toBeLessThan(200);
  });

  it('flip bits of segments, which have checksums, and none of snapshots', async () => {
    const { trace, changedSegments } = await vandalize({ kind: 'segments-damaged', fromMs: 0, share: 1 });
    expect(changedSegments).toBe(200);
    expect(trace.some((line) => line.includes('flips a bit'))).toBe(true);
    const snapshots = await vandalize({ kind: 'snapshots-damaged', fromMs: 0, share: 1 });
    expect(snapshots.trace.some((line) => line.includes('flips a bit'))).toBe(false);
  });

  it('do the same with the same seed', async () => {
    const fault = { kind: 'segments-damaged', fromMs: 9, share: 0.3 } as const;
    expect((await vandalize(fault)).trace).toEqual((await vandalize(fault)).trace);
    expect((await vandalize(fault)).trace).not.toEqual((await vandalize(fault, 4)).trace);
  });
});
