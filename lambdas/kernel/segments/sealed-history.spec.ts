import { describe, expect, it } from '@jest/globals';
import { rowAt } from '../fresh-row.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemorySegmentStore } from '../memory/memory-segment-store.ts';
import { tenantLog } from '../tenant-ports.ts';
import { appendCounts, counterRows, sealedCounters } from '../testing/sealed-counter.fixture.ts';
import { changeHead, instantOf, ones, other, points, sealedStream, stream } from './sealed-stream.fixture.ts';

const shapes: readonly (readonly [name: string, counts: readonly number[], segments: number])[] = [
  ['one event a commit', ones(3_500), 3],
  ['1,000 events a commit', [1_000, 1_000, 1_000, 1_000], 4],
  ['some commits of 7 events', [...ones(500), ...Array.from({ length: 400 }, () => 7)], 3],
  ['a commit that is larger than a segment', [...ones(990), 1_500, ...ones(1_200)], 3],
];

describe.each(shapes)('a sealed stream with %s', (_name, counts, segments) => {
  it('answers as the log does, from the segments', async () => {
    const setup = await sealedStream(counts);
    expect(setup.result).toMatchObject({ done: true, segments, rows: segments });
    expect(await setup.answers(stream, points, 'segments')).toStrictEqual(
      await setup.answers(stream, points, 'log'),
    );
    expect(setup.warnings).toEqual([]);
    expect(setup.requests).toEqual([]);
  });

  it('is the same when it is sealed again, at any time', async () => {
    const { segments: once } = await sealedStream(counts);
    const log = new MemoryEventLog();
    const later = new MemorySegmentStore();
    const { seal } = sealedCounters(log, later);
    let from: Awaited<ReturnType<typeof appendCounts>> = { version: 1 };
    for (let at = 0; at < counts.length; at += 700) {
      from = await appendCounts(log, stream, counts.slice(at, at + 700), from);
      await seal(stream);
    }
    expect(later).toStrictEqual(once);
    expect(await seal(stream)).toMatchObject({ segments: 0, rows: 0 });
    expect(await seal(stream, true)).toMatchObject({ segments: 0, rows: 0 });
    expect(later).toStrictEqual(once);
  });
});

describe('reading a sealed stream', () => {
  it('reads the beginning and the tail from the log, nothing between them', async () => {
    const { answers, readFrom } = await sealedStream();
    await answers(stream, [{ version: 2_500 }, { version: 3_200 }], 'segments');
    // Hydrating and folding read the beginning first. The first question about the past reads no log, the second the tail.
    expect(readFrom).toEqual([1, 3_001, 1, 3_001, 3_001]);
  });

  it('reads a stream that is not sealed once, and looks for segments once if it is long', async () => {
    const { answers, readFrom, segments, log } = await sealedStream(ones(999));
    let looks = 0;
    const head = segments.head.bind(segments);
    segments.head = (name) => {
      looks += 1;
      return head(name);
    };
    await appendCounts(log, other, ones(50));
    await answers(other, [], 'segments');
    expect([looks, readFrom]).toEqual([0, [1, 1]]);
    await answers(stream, [], 'segments');
    expect([looks, readFrom]).toEqual([2, [1, 1, 1, 1]]);
  });

  it('reads no more than a question about a version needs', async () => {
    const { answers, readFrom, readTo, segments } = await sealedStream();
    const segmentsRead: number[] = [];
    const read = segments.segments.bind(segments);
    segments.segments = async function* (name, range) {
      for await (const page of read(name, range)) {
        segmentsRead.push(...page.map(({ firstVersion }) => firstVersion));
        yield page;
      }
    };
    let heads = 0;
    const head = segments.head.bind(segments);
    segments.head = (name) => {
      heads += 1;
      return head(name);
    };
    await answers(
      stream,
      [{ version: 999 }, { version: 2_000 }, { version: 2_500 }, { version: 3_200 }],
      'segments',
    );
    // The first two are of hydrating and of folding.
    expect(readTo.slice(4)).toEqual([1_000, 2_001, 3_201]);
    expect(readFrom.slice(4)).toEqual([1, 2_001, 3_001]);
    expect(segmentsRead.slice(6)).toEqual([2_001]);
    // Only the last question is about a version after the segments.
    expect(heads).toBe(3);
  });

  it('gives the history up to a version', async () => {
    const { history, log, warnings } = await sealedStream([...ones(2_300), 7, ...ones(1_200)]);
    for (const fromVersion of [1, 1_001, 1_990, 2_301, 3_400]) {
      for (const toVersion of [0, 50, 1_999, 2_000, 2_001, 2_305, 3_100, 9_999]) {
        const [byHistory, byLog] = await Promise.all(
          [history, log].map(async (each) =>
            (await Array.fromAsync(each.read(stream, { fromVersion, toVersion }))).flat(),
          ),
        );
        expect(byHistory?.map(({ version }) => version)).toEqual(byLog?.map(({ version }) => version));
      }
    }
    expect(warnings).toEqual([]);
  });

  it('reads no more than a page of large commits from the log', async () => {
    const { log, history, readFrom } = await sealedStream(Array.from({ length: 90 }, () => 1_000));
    const { read } = log;
    let pages = 0;
    // A response has only some of such commits.
    log.read = async function* (name, range) {
      for await (const page of read(name, range)) {
        for (const commit of page) {
          pages += 1;
          yield [commit];
        }
      }
    };
    expect((await Array.fromAsync(history.read(stream))).flat()).toHaveLength(90);
    expect([readFrom, pages]).toEqual([[1, 90_001], 1]);
  });

  it('remembers the commands that reading the log remembers, however far apart they are', async () => {
    const day = 24 * 60 * 60;
    for (const seconds of [1, day / 200, day / 50, day / 2]) {
      const { answers } = await sealedStream(ones(3_050), seconds);
      const { hydrated } = await answers(stream, [], 'segments');
      expect(hydrated).toStrictEqual((await answers(stream, [], 'log')).hydrated);
    }
  });

  it('asks for sealing after a long tail, and not after a short one', async () => {
    const { log, answers, requests } = await sealedStream(ones(2_999));
    await answers(stream, [], 'segments');
    expect(requests).toEqual([]);
    const { hash } = (await log.readCommit(stream, 2_999)) ?? {};
    await appendCounts(log, stream, ones(1_100), { version: 3_000, ...(hash !== undefined && { hash }) });
    await answers(stream, [], 'segments');
    expect(requests).toEqual([{ stream }, { stream }]);
  });

  it('asks nothing about a stream that was never sealed and is short', async () => {
    const log = new MemoryEventLog();
    const { answers, requests, warnings } = sealedCounters(log);
    await appendCounts(log, stream, ones(1_500));
    expect(await answers(stream, points, 'segments')).toStrictEqual(await answers(stream, points, 'log'));
    expect(await answers(other, points, 'segments')).toStrictEqual(await answers(other, points, 'log'));
    expect([...requests, ...warnings]).toEqual([]);
  });
});

describe('questions about the past', () => {
  const versions = [1_500, 2_500, 3_400].map((version) => ({ version }));
  const instants = [{ at: instantOf(3_400) }];

  it.each(
    (['everything', 'every segment', 'every row', 'a row', 'the head'] as const).flatMap((what) => [
      { what, by: 'version', questions: versions },
      { what, by: 'instant', questions: instants },
    ]),
  )('ask for sealing if $what is missing, by $by', async ({ what, by, questions }) => {
    const { segments, sealed, log, requests } = await sealedStream();
    const ask = () =>
      Promise.all(questions.map((point) => rowAt({ log, sealed }, counterRows, stream, point)));
    await ask();
    expect(requests).toEqual([]);
    if (what === 'everything' || what === 'every segment') segments.segmentsOf.delete(stream);
    if (what === 'everything' || what === 'every row') segments.rowsOf.delete(stream);
    if (what === 'a row') segments.rowsOf.get(stream)?.delete(1_000);
    if (what === 'everything' || what === 'the head') segments.heads.delete(stream);
    await ask();
    // Nothing that these questions read is missing: the rows, or the row before the instant.
    const isUnnoticed = by === 'version' ? what === 'the head' : what === 'a row' || what === 'every row';
    expect(requests.length > 0).toBe(!isUnnoticed);
  });

  it('ask for the row at the version itself', async () => {
    const { segments, sealed, log, requests } = await sealedStream();
    segments.rowsOf.get(stream)?.delete(2_000);
    await rowAt({ log, sealed }, counterRows, stream, { version: 2_000 });
    expect(requests).toEqual([{ stream, check: true }]);
  });

  it('about an instant do not trust a damaged head', async () => {
    const setup = await sealedStream();
    const { segments, answers, requests } = setup;
    changeHead(setup, () => ({ version: 1e120 }));
    let searched = 0;
    const { rowBefore } = segments;
    segments.rowBefore = (name, version) => {
      searched += 1;
      return rowBefore.call(segments, name, version);
    };
    const byLog = await answers(stream, points, 'log');
    expect(await answers(stream, points, 'segments')).toStrictEqual(byLog);
    expect(searched).toBeLessThan(100);
    expect(requests).toContainEqual({ stream, check: true });
  });
});

it('a tenant reads the past of its own stream from segments, by the plain name', async () => {
  const log = new MemoryEventLog();
  const { seal, sealed } = sealedCounters(log);
  for (const [name, count] of [
    ['counter/a', 3_000],
    ['counter/acme/a', 2_000],
  ] as const) {
    await appendCounts(log, name, ones(count));
    await seal(name);
  }
  const read = log.read.bind(log);
  const fromLog: string[] = [];
  log.read = (name, range) => {
    fromLog.push(name);
    return read(name, range);
  };
  const queries = tenantLog({ read: log.read, readCommit: log.readCommit.bind(log), sealed }, () => 'acme');
  const at = (version: number) =>
    rowAt({ log: queries, sealed: queries.sealed }, counterRows, stream, { version });
  expect(await at(1_500)).toMatchObject({ version: 1_500, state: { lastId: 'event counter/acme/a 1500' } });
  expect(fromLog).toEqual([]);
  expect((await at(2_500)).version).toBe(2_000);
});
