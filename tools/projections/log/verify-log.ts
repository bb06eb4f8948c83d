import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isVersion } from '../../../lambdas/kernel/index.ts';
import { snapshotTable } from '../../../schema/tables.ts';
import { type BrokenPlace, ChainWalk, streamOf, versionOf } from './chain-walk.ts';
import { commitUpTo, type Item, queryStream, scanSegment } from './log-reader.ts';
import type { LogTables } from './log-tables.ts';

/** Maximum number of broken places that are listed. All are counted. */
export const listedMax = 1_000;

/** What a check of the log found. */
export interface LogReport {
  streams: number;
  commits: number;
  /** Commits without a hash, as an earlier release writes them: their content is not protected. */
  withoutHash: number;
  /**
   * Streams with a commit without a hash after one with a hash. An earlier release writes one during a deployment or after a
   * rollback; anybody else who may write to the table can, too.
   */
  unsealed: number;
  /** The first of these commits in each such stream; at most {@link listedMax}. */
  readonly unsealedPlaces: Omit<BrokenPlace, 'difference'>[];
  snapshots: number;
  /** Streams that are not what was appended. */
  broken: number;
  /** Each with its first place; at most {@link listedMax}. */
  readonly places: BrokenPlace[];
}

/** What {@link verifyLog} needs. */
export interface VerifyLogOptions {
  readonly client: DynamoDBClient;
  readonly tables: LogTables;
  /** Parts of the tables that are read at the same time. */
  readonly segments: number;
  /** Called after each page. */
  readonly onProgress?: (report: Readonly<LogReport>) => void;
}

/** A stream that looks broken is read again up to this number of times: it may have grown between two reads of the scan. */
const confirmations = 2;

/**
 * Walks the chains of all streams, then compares the end of each snapshot with the log. Reads each table once, strongly
 * consistent. Commands may go on. The memory does not depend on the size of the log.
 */
export async function verifyLog(options: VerifyLogOptions): Promise<LogReport> {
  const report: LogReport = {
    ...{ streams: 0, commits: 0, withoutHash: 0, unsealed: 0, snapshots: 0, broken: 0 },
    unsealedPlaces: [],
    places: [],
  };
  await inSegments(options, (segment) => walkSegment(options, segment, report));
  await inSegments(options, (segment) => compareSnapshots(options, segment, report));
  return report;
}

async function inSegments(
  { segments }: VerifyLogOptions,
  work: (segment: number) => Promise<void>,
): Promise<void> {
  await Promise.all(Array.from({ length: segments }, (_, segment) => work(segment)));
}

async function walkSegment(options: VerifyLogOptions, segment: number, report: LogReport): Promise<void> {
  const { client, tables, segments, onProgress } = options;
  let walk: ChainWalk | undefined;
  let isBroken = false;
  // Up to here, the stream was read again and is sound.
  let confirmedTo = 0;
  for await (const page of scanSegment(client, tables.eventLog, { segment, segments })) {
    for (const item of page) {
      report.commits += 1;
      if (item['hash'] === undefined) report.withoutHash += 1;
      const stream = streamOf(item);
      if (walk?.stream !== stream) {
        report.streams += 1;
        noteUnsealed(report, walk);
        walk = new ChainWalk(stream);
        isBroken = false;
        confirmedTo = 0;
      }
      if (isBroken || versionOf(item) <= confirmedTo || walk.take(item) === undefined) continue;
      const confirmed = await confirm(options, walk);
      walk = confirmed.walk;
      isBroken = confirmed.place !== undefined;
      confirmedTo = walk.version;
      if (confirmed.place) note(report, confirmed.place);
    }
    onProgress?.(report);
  }
  noteUnsealed(report, walk);
}

function noteUnsealed(report: LogReport, walk: ChainWalk | undefined): void {
  if (walk?.unsealed === undefined) return;
  report.unsealed += 1;
  const { stream, unsealed: version } = walk;
  if (report.unsealed <= listedMax) report.unsealedPlaces.push({ stream, version });
}

/** Reads a stream from its start. The place is undefined if the stream is sound: then the scan had met it out of order. */
async function confirm(
  { client, tables }: VerifyLogOptions,
  { stream }: ChainWalk,
): Promise<{ readonly walk: ChainWalk; readonly place?: BrokenPlace }> {
  for (let reads = 1; ; reads += 1) {
    const walk = new ChainWalk(stream);
    const place = await firstBroken(walk, queryStream(client, tables.eventLog, stream));
    if (place === undefined) return { walk };
    if (reads >= confirmations) return { walk, place };
  }
}

async function firstBroken(
  walk: ChainWalk,
  pages: AsyncIterable<readonly Item[]>,
): Promise<BrokenPlace | undefined> {
  for await (const page of pages) {
    for (const item of page) {
      const place = walk.take(item);
      if (place) return place;
    }
  }
  return undefined;
}

/** A snapshot was taken of a commit: if the log has another one there, or none, the log has changed since. */
async function compareSnapshots(options: VerifyLogOptions, segment: number, report: LogReport) {
  const { client, tables, segments, onProgress } = options;
  for await (const page of scanSegment(client, tables.snapshots, { segment, segments })) {
    for (const snapshot of page) {
      report.snapshots += 1;
      const place = await misfitOf(options, snapshot);
      if (place && !report.places.some(({ stream }) => stream === place.stream)) note(report, place);
    }
    onProgress?.(report);
  }
}

async function misfitOf(
  { client, tables }: VerifyLogOptions,
  snapshot: Item,
): Promise<BrokenPlace | undefined> {
  const stream = snapshot[snapshotTable.partitionKey]?.S ?? '';
  const version = Number(snapshot['version']?.N);
  if (!isVersion(version)) return undefined;
  const commit = await commitUpTo(client, tables.eventLog, stream, version);
  const last = versionOf(commit ?? {}) + Number(commit?.['count']?.N) - 1;
  if (last !== version) {
    return { stream, version, difference: 'A snapshot ends at this version, but no commit of the log does.' };
  }
  const hash = snapshot['hash']?.S;
  if (hash === undefined || hash === commit?.['hash']?.S) return undefined;
  return { stream, version, difference: 'The snapshot at this version is of a commit with another hash.' };
}

function note(report: LogReport, place: BrokenPlace): void {
  report.broken += 1;
  if (report.places.length < listedMax) report.places.push(place);
}
