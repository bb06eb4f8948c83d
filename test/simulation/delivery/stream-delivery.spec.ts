import { describe, expect, it } from '@jest/globals';
import type { KinesisStreamRecord } from 'aws-lambda';
import { type Behaviour, deliveryOf, type FixtureProps, failures, type Got } from './delivery.fixture.ts';

const hourMs = 3_600_000;
const projector = 'ledger-projector';
const versions = (stream: string, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `${stream}@${first + index}`);
const placesOf = (got: readonly Got[]) => got.map(({ places }) => places);
/** The places in the order in which each was delivered first. */
const firstDeliveries = (got: readonly Got[]) => [...new Set(got.flatMap(({ places }) => places))];
/** Answers that the record at this place failed. */
const failing =
  (place: string): Behaviour =>
  ({ records, places }) => {
    const record = records[places.indexOf(place)] as KinesisStreamRecord | undefined;
    return record && failures(record.kinesis.sequenceNumber);
  };
/** Publishes these places one after the other, each 100 ms after the one before. */
function publishSlowly(all: ReturnType<typeof deliveryOf>, places: readonly string[]): void {
  for (const [index, place] of places.entries()) all.world.time.after(index * 100, () => all.publish(place));
}

/** Fails, throws or is killed now and then. */
const unreliable: Behaviour = ({ records }, instance) => {
  const luck = instance.random.next();
  if (luck < 0.1) throw new Error('Out of order.');
  if (luck < 0.2) instance.kill();
  if (luck < 0.3) return failures((records.at(-1) as KinesisStreamRecord).kinesis.sequenceNumber);
  return undefined;
};
const troubled = (seed: number, settings: FixtureProps['delivery'] = {}) =>
  deliveryOf({
    seed,
    shards: 2,
    delivery: settings,
    functions: { [projector]: unreliable },
    faults: [
      { kind: 'shard-split', stream: 'event-stream', fromMs: 700 },
      { kind: 'shard-split', stream: 'event-stream', fromMs: 1_400 },
      { kind: 'delivered-late', consumer: projector, fromMs: 0, forMs: hourMs, chance: 0.2, lateMs: 5_000 },
    ],
  });

describe('delivery from a stream', () => {
  it.each([1, 2, 3, 4])('keeps the order of each stream in trouble (seed %i)', async (seed) => {
    const all = troubled(seed, { projectorsPerShard: seed % 2 === 0 ? 2 : 1 });
    const streams = ['ledger/a', 'ledger/b', 'ledger/c', 'ledger/d', 'ledger/e'];
    publishSlowly(
      all,
      versions('', 1, 30).flatMap((version) => streams.map((stream) => `${stream}${version}`)),
    );
    await all.run();
    const delivered = firstDeliveries(all.gotBy(projector));
    for (const stream of streams) {
      expect(delivered.filter((place) => place.startsWith(stream))).toEqual(versions(stream, 1, 30));
    }
    expect(all.delivery.isDrained).toBe(true);
    expect(all.world.faults.struck.get('shard-split')).toBe(2);
    expect(all.world.faults.struck.get('delivered-late')).toBeGreaterThan(0);
  });

  it('gives the same trace for the same seed, and another one for another seed', async () => {
    const traceOf = async (seed: number) => {
      const all = troubled(seed);
      publishSlowly(all, versions('ledger/a', 1, 50));
      await all.run();
      return all.world.trace.lines;
    };
    expect(await traceOf(1)).toEqual(await traceOf(1));
    expect(await traceOf(1)).not.toEqual(await traceOf(2));
  });

  it('delivers at most as many records as a batch may have', async () => {
    const all = deliveryOf();
    for (const place of versions('metrics/a', 1, 250)) all.publish(place);
    for (let version = 1; version <= 150; version += 1) all.append('ledger/a', version);
    await all.run();
    expect(placesOf(all.gotBy('metrics-projector')).map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(placesOf(all.gotBy(projector)).map(({ length }) => length)).toEqual([250]);
    expect(placesOf(all.gotBy('publisher')).map(({ length }) => length)).toEqual([100, 50]);
  });

  it('begins with the children of a shard when the shard was read to its end', async () => {
    let isDown = true;
    const all = deliveryOf({
      functions: {
        [projector]: () => {
          if (isDown) throw new Error('It is down.');
        },
      },
      faults: [{ kind: 'shard-split', stream: 'event-stream', fromMs: 10 }],
    });
    all.publish(...versions('ledger/a', 1, 4));
    all.world.time.after(20, () => all.publish(...versions('ledger/a', 5, 6)));
    all.world.time.after(hourMs, () => {
      expect(all.gotBy('metrics-projector').flatMap(({ places }) => places)).toContain('ledger/a@6');
      expect(all.gotBy(projector).flatMap(({ places }) => places)).not.toContain('ledger/a@5');
      expect(all.delivery.describe().join('\n')).toContain('the end of the parent shard is awaited');
      isDown = false;
    });
    await all.run();
    expect(firstDeliveries(all.gotBy(projector))).toEqual(versions('ledger/a', 1, 6));
    expect(all.delivery.isDrained).toBe(true);
  });

  it('delivers again from the first record on that failed', async () => {
    let count = 0;
    const all = deliveryOf({
      functions: {
        [projector]: (batch, instance) => {
          count += 1;
          return count === 1 ? failing('ledger/a@3')(batch, instance) : undefined;
        },
      },
    });
    all.publish(...versions('ledger/a', 1, 5));
    await all.run();
    expect(placesOf(all.gotBy(projector))).toEqual([versions('ledger/a', 1, 5), versions('ledger/a', 3, 5)]);
  });

  it('delivers the whole batch again if the function names a record that is not in it', async () => {
    let count = 0;
    const all = deliveryOf({
      functions: { [projector]: () => (count++ === 0 ? failures('') : undefined) },
    });
    all.publish('ledger/a@1', 'ledger/a@2');
    await all.run();
    expect(placesOf(all.gotBy(projector))).toEqual([
      ['ledger/a@1', 'ledger/a@2'],
      ['ledger/a@1'],
      ['ledger/a@2'],
    ]);
  });

  it('halves a batch that fails until the record is alone, and gives that one up after 23 hours', async () => {
    const poison: Behaviour = ({ places }) => {
      if (places.includes('ledger/a@6')) throw new Error('Poison.');
    };
    const all = deliveryOf({ functions: { [projector]: poison } });
    all.publish(...versions('ledger/a', 1, 8));
    all.world.time.after(hourMs, () => all.publish('ledger/a@9'));
    await all.run();
    const got = all.gotBy(projector);
    expect(placesOf(got).slice(0, 5)).toEqual([
      versions('ledger/a', 1, 8),
      versions('ledger/a', 1, 4),
      versions('ledger/a', 5, 8),
      versions('ledger/a', 5, 6),
      ['ledger/a@5'],
    ]);
    // What is behind it in the batch has the same age.
    expect(all.delivery.givenUp.map(({ place }) => place)).toEqual(versions('ledger/a', 6, 8));
    const waits = got.slice(6, -1).map(({ atMs }, index) => atMs - (got[index + 5]?.atMs ?? 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(61_000);
    expect(got.at(-1)?.places).toEqual(['ledger/a@9']);
    expect(all.delivery.isDrained).toBe(true);
  });

  it('gives up what is older than 23 hours, and delivers what is behind it', async () => {
    const all = deliveryOf({
      faults: [{ kind: 'paused', consumer: projector, fromMs: 0, forMs: 23.5 * hourMs }],
    });
    all.publish('ledger/a@1');
    all.world.time.after(hourMs, () => all.publish('ledger/a@2'));
    await all.run();
    expect(all.delivery.givenUp.map(({ place }) => place)).toEqual(['ledger/a@1']);
    expect(placesOf(all.gotBy(projector))).toEqual([['ledger/a@2']]);
  });

  it('delivers a batch again, in halves, if its instance is killed or does not end', async () => {
    let count = 0;
    const all = deliveryOf({
      functions: {
        [projector]: (_, instance) => {
          count += 1;
          if (count === 1) instance.kill();
          return count <= 2 ? new Promise(() => {}) : undefined;
        },
      },
    });
    all.publish('ledger/a@1', 'ledger/a@2');
    await all.run();
    const got = all.gotBy(projector);
    expect(placesOf(got)).toEqual([
      ['ledger/a@1', 'ledger/a@2'],
      ['ledger/a@1'],
      ['ledger/a@1'],
      ['ledger/a@2'],
    ]);
    expect((got[2]?.atMs ?? 0) - (got[1]?.atMs ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(new Set(got.map(({ who }) => who)).size).toBeGreaterThanOrEqual(3);
  });

  it('delivers nothing to a consumer that is paused', async () => {
    const all = deliveryOf({
      faults: [{ kind: 'paused', consumer: projector, fromMs: 0, forMs: 20 * hourMs }],
    });
    all.publish('ledger/a@1');
    await all.run();
    expect(all.gotBy(projector)[0]?.atMs).toBeGreaterThan(20 * hourMs);
    expect(all.gotBy('metrics-projector')[0]?.atMs).toBeLessThan(2_000);
    expect(all.world.faults.struck.get('paused')).toBe(1);
  });

  it('delivers to a paused consumer when the faults end', async () => {
    const all = deliveryOf({
      faults: [{ kind: 'paused', consumer: projector, fromMs: 0, forMs: 20 * hourMs }],
    });
    all.publish('ledger/a@1');
    all.world.time.after(10_000, () => {
      expect(all.delivery.describe().join('\n')).toContain('; paused');
      all.world.faults.end();
      all.delivery.recheck();
    });
    await all.run();
    expect(all.gotBy(projector)[0]?.atMs).toBeLessThan(12_000);
    expect(all.world.elapsedMs).toBeLessThan(hourMs);
  });

  it('delivers a batch that was handled once more, while later ones are handled', async () => {
    const all = deliveryOf({
      faults: [
        {
          ...{ kind: 'delivered-again', consumer: projector, fromMs: 0, forMs: 5_000 },
          ...{ chance: 1, lateMs: 60_000 },
        },
      ],
    });
    publishSlowly(all, versions('ledger/a', 1, 100));
    await all.run();
    const batches = placesOf(all.gotBy(projector));
    const seen = new Set<string>();
    const repeats = batches.filter((batch) => {
      const isRepeat = batch.some((place) => seen.has(place));
      for (const place of batch) seen.add(place);
      return isRepeat;
    });
    // Some are a batch as it was, some have everything that was handled since.
    const texts = batches.map((batch) => batch.join());
    expect(repeats.some((batch) => texts.indexOf(batch.join()) < texts.lastIndexOf(batch.join()))).toBe(true);
    expect(repeats.some((batch) => texts.indexOf(batch.join()) === texts.lastIndexOf(batch.join()))).toBe(
      true,
    );
    expect(batches.indexOf(repeats[0] ?? [])).toBeLessThan(batches.length - 3);
    for (const batch of repeats) expect(batch).toEqual([...new Set(batch)]);
    expect(all.delivery.isDrained).toBe(true);
  });

  it('is not drained while a batch that was handled may come again', async () => {
    const again = { kind: 'delivered-again', consumer: projector, fromMs: 0, forMs: hourMs } as const;
    const all = deliveryOf({ faults: [{ ...again, chance: 1, lateMs: hourMs }] });
    all.publish('ledger/a@1');
    all.world.time.after(5_000, () => {});
    await all.world.time.run(() => all.world.elapsedMs === 5_000);
    expect(all.gotBy(projector)).toHaveLength(1);
    expect(all.delivery.isDrained).toBe(false);
    expect(all.delivery.describe()).toEqual([
      expect.stringContaining('waiting: 1 record of shard 0 of the event stream, once more (ledger/a@1)'),
    ]);
    await all.run();
    expect(all.gotBy(projector)).toHaveLength(2);
    expect(all.delivery.isDrained).toBe(true);
  });

  it('delivers concurrent batches of a shard, but never two with the same stream', async () => {
    const running = new Set<string>();
    let [batches, together] = [0, 0];
    const all = deliveryOf({
      delivery: { projectorsPerShard: 2 },
      functions: {
        [projector]: async ({ places }, { effects }) => {
          const streams = new Set(places.map((place) => place.split('@')[0] ?? ''));
          for (const stream of streams) expect(running.has(stream)).toBe(false);
          for (const stream of streams) running.add(stream);
          batches += 1;
          together = Math.max(together, batches);
          await effects.delay(500);
          batches -= 1;
          for (const stream of streams) running.delete(stream);
        },
      },
    });
    const streams = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `ledger/${id}`);
    for (let version = 1; version <= 20; version += 1) {
      all.world.time.after(version * 101, () =>
        all.publish(...streams.map((stream) => `${stream}@${version}`)),
      );
    }
    await all.run();
    expect(together).toBe(2);
  });

  it('delivers only the commits of the own context if filters are on', async () => {
    const all = deliveryOf({ delivery: { eventFilters: true } });
    all.publish('ledger/a@1', 'metrics/b@1');
    await all.run();
    expect(placesOf(all.gotBy(projector))).toEqual([['ledger/a@1']]);
    expect(placesOf(all.gotBy('metrics-projector'))).toEqual([['metrics/b@1']]);
    expect(all.gotBy('dispense-projector')).toEqual([]);
  });
});
