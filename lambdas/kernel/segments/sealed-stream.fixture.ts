import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemorySegmentStore } from '../memory/memory-segment-store.ts';
import type { PointInTime } from '../point-in-time.ts';
import { appendCounts, sealedCounters } from '../testing/sealed-counter.fixture.ts';
import { segmentChecksum } from './checksum.ts';
import type { StoredHead, StoredRow, StoredSegment } from './segment-store.ts';

/** The stream that is sealed. */
export const stream = 'counter/a';
export const other = 'counter/other';

export const ones = (count: number) => Array.from({ length: count }, () => 1);

export const instantOf = (version: number) => new Date(Date.UTC(2026, 0, 1) + version * 1_000).toISOString();
export const points: readonly PointInTime[] = [
  ...[1, 999, 1_000, 1_001, 1_500, 2_000, 2_001, 3_001, 9_999].map((version) => ({ version })),
  ...[0, 1, 999, 1_000, 1_001, 1_499, 2_000, 2_777, 9_999].map((version) => ({ at: instantOf(version) })),
];

export type Setup = ReturnType<typeof sealedCounters> & {
  readonly segments: MemorySegmentStore;
  readonly log: MemoryEventLog;
};

/** A sealed stream, and where each read of the log began. */
export async function sealedStream(counts: readonly number[] = ones(3_500), seconds = 1) {
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

export function change<Part>(
  parts: Map<number, Part> | undefined,
  at: number,
  more: (part: Part) => Partial<Part>,
) {
  const part = parts?.get(at);
  if (!parts || part === undefined) throw new Error(`There is no part at ${at}.`);
  parts.set(at, { ...part, ...more(part) });
}

export const changeSegment = (
  { segments }: Setup,
  at: number,
  more: (part: StoredSegment) => Partial<StoredSegment>,
) => change(segments.segmentsOf.get(stream), at, more);
export const changeRow = ({ segments }: Setup, at: number, more: (part: StoredRow) => Partial<StoredRow>) =>
  change(segments.rowsOf.get(stream), at, more);
export const changeHead = ({ segments }: Setup, more: (head: StoredHead) => Partial<StoredHead>) => {
  const head = segments.heads.get(stream) as StoredHead;
  segments.heads.set(stream, { ...head, ...more(head) });
};
/** Changes a segment and makes its checksum right. */
export const forge = (setup: Setup, at: number, more: (part: StoredSegment) => Partial<StoredSegment>) =>
  changeSegment(setup, at, (part) => {
    const forged = { ...part, ...more(part) };
    return { ...forged, checksum: segmentChecksum(forged) };
  });

/** The stored parts of the stream, in order. */
export const partsOf = ({ segments }: Setup) => [
  ...[...(segments.segmentsOf.get(stream)?.values() ?? [])]
    .sort((a, b) => a.firstVersion - b.firstVersion)
    .map(({ packed, ...part }) => [...packed, part]),
  ...[...(segments.rowsOf.get(stream)?.values() ?? [])].sort((a, b) => a.version - b.version),
];
