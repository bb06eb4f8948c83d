import { describe, expect, it } from '@jest/globals';
import type { Commit } from '../commit.ts';
import { sealed as withHash } from '../commit-hash.ts';
import { rowAt } from '../fresh-row.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemorySegmentStore } from '../memory/memory-segment-store.ts';
import type { PointInTime } from '../point-in-time.ts';
import { tenantLog } from '../tenant-ports.ts';
import { appendCounts, counterRows, sealedCounters } from '../testing/sealed-counter.fixture.ts';
import { headChecksum, segmentChecksum } from './checksum.ts';
import { packCommits } from './segment-codec.ts';
import type { StoredHead, StoredRow, StoredSegment } from './segment-store.ts';

const stream = 'counter/a';
const other = 'counter/other';

const ones = (count: number) => Array.from({ length: count }, () => 1);
const shapes: readonly (readonly [name: string, counts: readonly number[], segments: number])[] = [
  ['one event a commit', ones(3_500), 3],
  ['1,000 events a commit', [1_000, 1_000, 1_000, 1_000], 4],
  ['some commits of 7 events', [...ones(500), ...Array.from({ length: 400 }, () => 7)], 3],
  ['a commit that is larger than a segment', [...ones(990), 1_500, ...ones(1_200)], 3],
];

const instantOf = (version: number) => new Date(Date.UTC(2026, 0, 1) + version * 1_000).toISOString();
const points: readonly PointInTime[] = [
  ...[1, 999, 1_000, 1_001, 1_500, 2_000, 2_001, 3_001, 9_999].map((version) => ({ version })),
  ...[0, 1, 999, 1_000, 1_001, 1_499, 2_000, 2_777, 9_999].map((version) => ({ at: instantOf(version) })),
];

type Setup = ReturnType<typeof sealedCounters> & {
  readonly segments: MemorySegmentStore;
  readonly log: MemoryEventLog;
};

/** A sealed stream, and where each read of the log began. */
async function sealedStream(counts: readonly number[] = ones(3_500), seconds = 1) {
  const log = new MemoryEventLog();
  const segments = new MemorySegmentStore();
  const counters = { ...sealedCounters(log, segments), segments, log };
  await appendCounts(log, stream, counts, { seconds });
  const sealed = await counters.seal(stream);
  const readFrom: number[] = [];
  const readTo: (number | undefined)[] = [];
  const read = log.read.bind(log);
  log.read = (name, range) => {
    readFrom.push(range?.fromVersion ?? 1);
    readTo.push(range?.toVersion);
    return read(name, range);
  };
  return { ...counters, result: sealed, readFrom, readTo };
}

function change<Part>(parts: Map<number, Part> | undefined, at: number, more: (part: Part) => Partial<Part>) {
  const part = parts?.get(at);
  if (!parts || part === undefined) throw new Error(`There is no part at ${at}.`);
  parts.set(at, { ...part, ...more(part) });
}

const changeSegment = (
  { segments }: Setup,
  at: number,
  more: (part: StoredSegment) => Partial<StoredSegment>,
) => change(segments.segmentsOf.get(stream), at, more);
const changeRow = ({ segments }: Setup, at: number, more: (part: StoredRow) => Partial<StoredRow>) =>
  change(segments.rowsOf.get(stream), at, more);
const changeHead = ({ segments }: Setup, more: (head: StoredHead) => Partial<StoredHead>) => {
  const head = segments.heads.get(stream) as StoredHead;
  segments.heads.set(stream, { ...head, ...more(head) });
};
/** Changes a segment and makes its checksum right. */
const forge = (setup: Setup, at: number, more: (part: StoredSegment) => Partial<StoredSegment>) =>
  changeSegment(setup, at, (part) => {
    const forged = { ...part, ...more(part) };
    return { ...forged, checksum: segmentChecksum(forged) };
  });

const partsOf = ({ segments }: Setup) => [
  ...[...(segments.segmentsOf.get(stream)?.values() ?? [])]
    .sort((a, b) => a.firstVersion - b.firstVersion)
    .map(({ packed, ...part }) => [...packed, part]),
  ...[...(segments.rowsOf.get(stream)?.values() ?? [])].sort((a, b) => a.version - b.version),
];

const damages: readonly (readonly [name: string, damage: (setup: Setup) => unknown])[] = [
  ['bytes of the first segment', (setup) => changeSegment(setup, 1, () => ({ packed: Buffer.from('torn') }))],
  [
    'a torn segment in the middle',
    (setup) => changeSegment(setup, 1_001, ({ packed }) => ({ packed: packed.subarray(0, 99) })),
  ],
  ['a wrong checksum of the last segment', (setup) => changeSegment(setup, 2_001, () => ({ checksum: '' }))],
  ['bytes that no code unpacks', (setup) => forge(setup, 1_001, () => ({ packed: Buffer.from('{}') }))],
  [
    'a segment that ends elsewhere',
    (setup) => forge(setup, 1_001, () => ({ version: 1_999, lastCommit: 1_999 })),
  ],
  ['a segment of another chain', (setup) => forge(setup, 1_001, () => ({ hashBefore: 'x'.repeat(43) }))],
  ['the first segment missing', ({ segments }) => segments.segmentsOf.get(stream)?.delete(1)],
  ['a segment in the middle missing', ({ segments }) => segments.segmentsOf.get(stream)?.delete(1_001)],
  ['the last segment missing', ({ segments }) => segments.segmentsOf.get(stream)?.delete(2_001)],
  ['every segment missing', ({ segments }) => segments.segmentsOf.delete(stream)],
  ['a row missing', ({ segments }) => segments.rowsOf.get(stream)?.delete(1_000)],
  ['every row missing', ({ segments }) => segments.rowsOf.delete(stream)],
  ['a row that somebody changed', (setup) => changeRow(setup, 1_000, () => ({ row: '{"total":1}' }))],
  ['a row that is not JSON', (setup) => changeRow(setup, 2_000, () => ({ row: '{' }))],
  ['rows of another version', (setup) => changeRow(setup, 1_000, () => ({ rowVersion: 2 }))],
  ['the head missing', ({ segments }) => segments.heads.delete(stream)],
  ['the head damaged', (setup) => changeHead(setup, () => ({ commands: Buffer.alloc(0) }))],
  [
    'a head of a commit that the log does not have',
    (setup) =>
      changeHead(setup, (head) => {
        const forged = { ...head, hash: 'x'.repeat(43) };
        return { ...forged, checksum: headChecksum(forged) };
      }),
  ],
  [
    'segments of another stream',
    async (setup) => {
      await appendCounts(setup.log, other, ones(3_000));
      await setup.seal(other);
      const { segmentsOf, rowsOf, heads } = setup.segments;
      segmentsOf.set(
        stream,
        new Map([...(segmentsOf.get(other) ?? [])].map(([at, part]) => [at, { ...part, stream }])),
      );
      rowsOf.set(
        stream,
        new Map([...(rowsOf.get(other) ?? [])].map(([at, part]) => [at, { ...part, stream }])),
      );
      heads.set(stream, { ...(heads.get(other) as StoredHead), stream });
    },
  ],
  [
    'everything missing',
    ({ segments }) => [
      segments.segmentsOf.delete(stream),
      segments.rowsOf.delete(stream),
      segments.heads.delete(stream),
    ],
  ],
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

describe.each(damages)('a sealed stream with %s', (_name, damage) => {
  it('answers as the log does, and is mended', async () => {
    const setup = await sealedStream();
    const intact = partsOf(setup);
    await damage(setup);
    const { answers, warnings, requests, seal } = setup;
    const byLog = await answers(stream, points, 'log');
    expect(await answers(stream, points, 'segments')).toStrictEqual(byLog);
    await seal(
      stream,
      requests.some(({ check }) => check === true),
    );
    warnings.length = 0;
    expect(await answers(stream, points, 'segments')).toStrictEqual(byLog);
    expect(warnings).toEqual([]);
    expect(partsOf(setup)).toStrictEqual(intact);
  });
});

describe.each([
  ['has fewer commits, as after a restore', 2_000, 0],
  ['has other commits at its end', 2_300, 1_200],
  ['has other commits from its beginning', 0, 3_000],
])('a log that %s than the one that was sealed', (_name, same, others) => {
  it('is read, and sealed anew', async () => {
    const { segments } = await sealedStream();
    const log = new MemoryEventLog();
    const { answers, requests, warnings, seal } = sealedCounters(log, segments);
    const end = await appendCounts(log, stream, ones(same));
    await appendCounts(log, stream, ones(others), { ...end, factor: 2 });
    const byLog = await answers(stream, points, 'log');
    expect(await answers(stream, points, 'segments')).toStrictEqual(byLog);
    expect(requests).toContainEqual({ stream, check: true });
    await seal(stream, true);
    expect(await answers(stream, points, 'segments')).toStrictEqual(byLog);
    warnings.length = 0;
    await answers(stream, [], 'segments');
    expect(warnings).toEqual([]);
  });
});

it('segments that another release cut are used, and a damaged one is replaced by those of this release', async () => {
  const setup = await sealedStream();
  const { answers, segments, log, seal, warnings } = setup;
  // Another release has sealed up to version 3,200: the last segment is longer, and ends where none of this release does.
  const commits = (await Array.fromAsync(log.read(stream, { fromVersion: 2_001 }))).flat().slice(0, 1_200);
  const last = commits.at(-1) as Commit;
  const end = { version: 3_200, lastCommit: 3_200, hash: last.hash };
  forge(setup, 2_001, () => ({ ...end, packed: packCommits(commits) }));
  const head = { ...(segments.heads.get(stream) as StoredHead), ...end };
  segments.heads.set(stream, { ...head, checksum: headChecksum(head) });
  const { folded, past } = await answers(stream, points, 'log');
  expect(await answers(stream, points, 'segments')).toMatchObject({ folded, past });
  expect(warnings).toEqual([]);
  changeSegment(setup, 2_001, () => ({ checksum: '' }));
  await seal(stream, true);
  expect(segments.heads.get(stream)?.version).toBe(3_000);
  expect(await answers(stream, points, 'segments')).toStrictEqual(await answers(stream, points, 'log'));
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

it('an event of the log that no code reads says nothing about the segments', async () => {
  const log = new MemoryEventLog();
  const { answers, sealed, seal, warnings, requests } = sealedCounters(log);
  const end = await appendCounts(log, stream, ones(1_500));
  const events = [{ id: 'unknown', type: 'Counter:Unknown', schemaVersion: 1, data: {} }];
  const commit = { ...((await log.readCommit(stream, 1_500)) as Commit), ...end, events };
  await log.append([withHash(commit, end.hash)]);
  const { hash } = (await log.readCommit(stream, 1_501)) as Commit;
  await appendCounts(log, stream, ones(2_000), { version: 1_502, ...(hash !== undefined && { hash }) });
  await seal(stream);
  for (const version of [1_501, 2_500, 3_400]) {
    const row = rowAt({ log, sealed }, counterRows, stream, { version });
    await expect(row).rejects.toMatchObject({ code: 'unreadable-event' });
  }
  await expect(answers(stream, [], 'segments')).rejects.toMatchObject({ code: 'unreadable-event' });
  expect([...warnings, ...requests]).toEqual([]);
});

it('an outage of the log is no reason not to use segments', async () => {
  const { log, history, readFrom, warnings } = await sealedStream();
  const { read } = log;
  log.read = async function* (name, range) {
    if ((range?.fromVersion ?? 1) > 3_000) throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
    yield* read(name, range);
  };
  await expect(Array.fromAsync(history.read(stream))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  log.read = read;
  readFrom.length = 0;
  await Array.fromAsync(history.read(stream));
  expect([readFrom, warnings]).toEqual([[1, 3_001], []]);
});

it('the last segment of another history is not used, even if no commit follows it', async () => {
  const setup = await sealedStream(ones(2_000));
  const log = new MemoryEventLog();
  const { seal, answers, requests } = sealedCounters(log, setup.segments);
  const late = setup.segments.segmentsOf.get(stream)?.get(1_001) as StoredSegment;
  const end = await appendCounts(log, stream, ones(1_500));
  await appendCounts(log, stream, ones(500), { ...end, factor: 2 });
  await seal(stream, true);
  // A sealer of the log as it was before was paused, and wakes up late.
  await setup.segments.putSegment(late);
  expect(await answers(stream, points, 'segments')).toStrictEqual(await answers(stream, points, 'log'));
  expect(requests).toContainEqual({ stream, check: true });
});

describe('segments that were mixed by hand', () => {
  it('are not used once they contradict the log', async () => {
    const setup = await sealedStream();
    forge(setup, 1, () => ({ hash: 'x'.repeat(43) }));
    const { answers, history, requests } = setup;
    const byLog = await answers(stream, points, 'log');
    await expect(Array.fromAsync(history.read(stream))).rejects.toMatchObject({ code: 'log-changed' });
    expect(await answers(stream, points, 'segments')).toStrictEqual(byLog);
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
