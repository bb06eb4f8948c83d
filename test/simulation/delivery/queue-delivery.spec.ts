import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { maxReceives } from '../../../schema/queues.ts';
import { type Behaviour, deliveryOf, failures, type Got } from './delivery.fixture.ts';

const hourMs = 3_600_000;
const todoHiddenMs = 6 * 60_000;
const consumer = 'todo-projector';
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `ledger/a@${index + 1}`);
const placesOf = (got: readonly Got[]) => got.flatMap(({ places }) => places);
const gapsOf = (got: readonly Got[]) => got.slice(1).map(({ atMs }, index) => atMs - (got[index]?.atMs ?? 0));

describe('delivery from a queue', () => {
  it('delivers every message once, in batches of at most 10, in any order', async () => {
    const all = deliveryOf();
    for (const place of numbered(60)) all.send('todo', place);
    await all.run();
    const got = all.gotBy(consumer);
    expect(placesOf(got)).not.toEqual(numbered(60));
    expect(placesOf(got).toSorted()).toEqual(numbered(60).toSorted());
    expect(Math.max(...got.map(({ places }) => places.length))).toBeGreaterThan(5);
    expect(Math.max(...got.map(({ places }) => places.length))).toBeLessThanOrEqual(10);
    expect(all.delivery.isDrained).toBe(true);
  });

  it('delivers a finding alone', async () => {
    const all = deliveryOf();
    for (const place of numbered(10)) all.send('findings', place);
    await all.run();
    expect(all.gotBy('prescription-recorder').map(({ places }) => places.length)).toEqual(Array(10).fill(1));
  });

  it.each([
    ['todo', consumer, 5],
    ['segments', 'segment-sealer', 2],
  ] as const)('of %s runs as many invocations at the same time as it may', async (queue, name, most) => {
    let [running, together] = [0, 0];
    const slow: Behaviour = async (_, { effects }) => {
      running += 1;
      together = Math.max(together, running);
      await effects.delay(20_000);
      running -= 1;
    };
    const all = deliveryOf({ functions: { [name]: slow } });
    for (const place of numbered(100)) all.send(queue, place);
    await all.run();
    expect(together).toBe(most);
    expect(placesOf(all.gotBy(name))).toHaveLength(100);
  });

  it('delivers again exactly the messages that failed, when they are visible again', async () => {
    let count = 0;
    const all = deliveryOf({
      functions: {
        [consumer]: ({ records, places }) => {
          const at = places.indexOf('ledger/a@2');
          if (at === -1 || count++ > 0) return undefined;
          expect((records[at] as SQSRecord).attributes.ApproximateReceiveCount).toBe('1');
          return failures((records[at] as SQSRecord).messageId);
        },
      },
    });
    for (const place of numbered(10)) all.send('todo', place);
    await all.run();
    const got = all.gotBy(consumer);
    expect(placesOf(got)).toHaveLength(11);
    expect(got.at(-1)?.places).toEqual(['ledger/a@2']);
    const first = got.find(({ places }) => places.includes('ledger/a@2'));
    expect((got.at(-1)?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(todoHiddenMs - 1_000);
  });

  const badEnds: readonly (readonly [string, Behaviour])[] = [
    [
      'throws',
      () => {
        throw new Error('No.');
      },
    ],
    ['is killed', (_, instance) => instance.kill()],
    ['does not end', () => new Promise(() => {})],
    ['names another message', () => failures('unknown')],
  ];
  it.each(badEnds)('delivers the whole batch again if the function %s', async (_name, bad) => {
    let count = 0;
    const all = deliveryOf({
      functions: { [consumer]: (batch, instance) => (count++ === 0 ? bad(batch, instance) : undefined) },
    });
    for (const place of numbered(30)) all.send('todo', place);
    await all.run();
    const [failed] = all.gotBy(consumer);
    const again = numbered(30).filter(
      (place) => placesOf(all.gotBy(consumer)).filter((one) => one === place).length === 2,
    );
    expect(again.toSorted()).toEqual(failed?.places.toSorted());
    expect(all.delivery.isDrained).toBe(true);
  });

  it.each([
    ['findings', 'prescription-recorder', maxReceives.findings, 6 * 30_000],
    ['todo', consumer, maxReceives.todo, todoHiddenMs],
  ] as const)(
    'of %s moves what always fails to the dead letters',
    async (queue, name, receives, hiddenMs) => {
      const all = deliveryOf({
        functions: {
          [name]: () => {
            throw new Error('Always.');
          },
        },
      });
      all.send(queue, 'ledger/a@1');
      await all.run();
      const got = all.gotBy(name);
      expect(got).toHaveLength(receives);
      expect(Math.min(...gapsOf(got))).toBeGreaterThanOrEqual(hiddenMs - 1_000);
      expect(Math.max(...gapsOf(got))).toBeLessThan(hiddenMs + 2_000);
      expect(all.delivery.deadLetters).toMatchObject([{ queue, message: { receives } }]);
      expect(all.delivery.isDrained).toBe(true);
      all.queues.queue(queue).moveBack(all.world.time.nowMs);
      expect(all.delivery.deadLetters).toEqual([]);
      await all.run();
      expect(all.gotBy(name)).toHaveLength(2 * receives);
    },
  );

  it('moves an upload that always kills the analyzer to the recorder, in less than two minutes', async () => {
    const all = deliveryOf({ functions: { 'prescription-analyzer': (_, instance) => instance.kill() } });
    all.send('analysis', 'dispense/a@2');
    await all.run();
    expect(all.gotBy('prescription-analyzer')).toHaveLength(maxReceives.analysis);
    const [recorded, ...more] = all.gotBy('prescription-recorder');
    expect(recorded?.places).toEqual(['dispense/a@2']);
    expect(more).toEqual([]);
    expect(recorded?.atMs).toBeLessThan(120_000);
    expect(all.delivery.deadLetters).toEqual([]);
    expect(all.delivery.isDrained).toBe(true);
  });

  it('keeps an upload as a dead letter that the recorder does not record in five deliveries', async () => {
    const fail = () => {
      throw new Error('Always.');
    };
    const all = deliveryOf({ functions: { 'prescription-analyzer': fail, 'prescription-recorder': fail } });
    all.send('analysis', 'dispense/a@2');
    await all.run();
    expect(all.gotBy('prescription-recorder')).toHaveLength(5);
    expect(all.delivery.deadLetters).toMatchObject([{ queue: 'unread' }]);
    expect(all.delivery.isDrained).toBe(true);
  });

  it('delivers messages twice, and some of them at the same time', async () => {
    const all = deliveryOf({
      faults: [{ kind: 'delivered-again', consumer, fromMs: 0, forMs: 60_000, chance: 0.5, lateMs: 2_000 }],
    });
    for (const place of numbered(40)) all.send('todo', place);
    await all.run();
    const places = placesOf(all.gotBy(consumer));
    expect(places.length).toBe(40 + (all.world.faults.struck.get('delivered-again') ?? 0));
    expect(places.length).toBeGreaterThan(50);
    expect(new Set(places).size).toBe(40);
  });

  it('delivers messages late, so that others overtake them', async () => {
    const all = deliveryOf({
      faults: [{ kind: 'delivered-late', consumer, fromMs: 0, forMs: 1, chance: 1, lateMs: 2 * hourMs }],
    });
    all.send('todo', 'ledger/a@1');
    all.world.time.after(1_000, () => all.send('todo', 'ledger/a@2'));
    await all.run();
    expect(placesOf(all.gotBy(consumer))).toEqual(['ledger/a@2', 'ledger/a@1']);
    expect(all.world.faults.struck.get('delivered-late')).toBe(1);
  });

  it('delivers nothing to a consumer that is paused, until the pause or all faults end', async () => {
    const paused = () => {
      const all = deliveryOf({ faults: [{ kind: 'paused', consumer, fromMs: 0, forMs: 20 * hourMs }] });
      all.send('todo', 'ledger/a@1');
      return all;
    };
    const one = paused();
    one.world.time.after(1_000, () => one.send('todo', 'ledger/a@2'));
    await one.run();
    expect(one.gotBy(consumer)[0]?.atMs).toBeGreaterThanOrEqual(20 * hourMs);
    expect(placesOf(one.gotBy(consumer))).toHaveLength(2);
    expect(one.world.faults.struck.get('paused')).toBe(1);
    const other = paused();
    other.world.time.after(10_000, () => {
      expect(other.delivery.describe().join('\n')).toContain('paused');
      other.world.faults.end();
      other.delivery.recheck();
    });
    await other.run();
    expect(other.gotBy(consumer)[0]?.atMs).toBeLessThan(12_000);
  });

  it('gives the same trace for the same seed', async () => {
    const traceOf = async (seed: number) => {
      const all = deliveryOf({ seed });
      for (const place of numbered(50)) all.send('todo', place);
      await all.run();
      return all.world.trace.lines;
    };
    expect(await traceOf(1)).toEqual(await traceOf(1));
    expect(await traceOf(1)).not.toEqual(await traceOf(2));
  });
});
