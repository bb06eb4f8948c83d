import { describe, expect, it } from '@jest/globals';
import type { Commit } from '../commit.ts';
import { sealed as withHash } from '../commit-hash.ts';
import { rowAt } from '../fresh-row.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { appendCounts, counterRows, sealedCounters } from '../testing/sealed-counter.fixture.ts';
import { headChecksum } from './checksum.ts';
import {
  changeHead,
  changeRow,
  changeSegment,
  forge,
  ones,
  other,
  partsOf,
  points,
  type Setup,
  sealedStream,
  stream,
} from './sealed-stream.fixture.ts';
import { packCommits } from './segment-codec.ts';
import type { StoredHead, StoredSegment } from './segment-store.ts';

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
