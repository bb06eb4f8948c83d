import { type Commit, isPlaceOfCommit } from '../commit.ts';
import { forEachConcurrently } from '../concurrency.ts';
import type { Destination } from '../destination.ts';
import { type Parked, type Parking, parkingIn, tryPark } from '../parking.ts';
import type { WaitingRow } from '../waiting.ts';
import {
  type DeliveryDependencies,
  maxConcurrentParks,
  parkedFor,
  parkRefused,
  reportDeferred,
} from './deliver.ts';
import { type PublishSteps, publishStep } from './publish-step.ts';
import { noteLatePositions, type ProgressDependencies } from './published-progress.ts';
import { isFor, type StoredCommits, storedCommit } from './stored-commit.ts';

/** Commits that are read and sent together: at most 10 MB of the log. */
export const portionMax = 25;
const concurrentReads = 10;

/** A commit that has waited longer is parked for a person. */
export const waitingMaxDays = 14;

/** What draining needs. */
export interface DrainDependencies extends DeliveryDependencies, StoredCommits, ProgressDependencies {}

/** The result of draining one destination. */
export interface Drained {
  readonly destination: string;
  /** Number of commits that the destination accepted. */
  readonly published: number;
  /** Number of commits that were parked. */
  readonly parked: number;
  /** When draining began, the commits that waited longest: at most {@link portionMax}. */
  readonly waiting: readonly WaitingRow[];
}

/**
 * Publishes commits that wait for a destination, oldest first, in portions, while `hasTime` and the destination answers. If it is cut off, or runs twice at the same time, consumers get some commits again. Throws if the waiting room or
 * the log cannot be read; then the commits keep waiting.
 */
export async function drainWaiting(
  destination: Destination,
  dependencies: DrainDependencies,
  hasTime: () => boolean,
): Promise<Drained> {
  const { waitingRoom } = dependencies;
  const { name } = destination;
  let [published, parked, remaining] = [0, 0, 0];
  let first: readonly WaitingRow[] | undefined;
  let after: string | undefined;
  while (hasTime()) {
    const rows = await waitingRoom.oldest(name, portionMax, after);
    first ??= rows;
    after = rows.at(-1)?.key;
    const portion = await drainPortion(destination, rows, dependencies);
    published += portion.published;
    parked += portion.parked;
    remaining += portion.remaining;
    const isEnd = rows.length < portionMax;
    destination.mayWait = !isEnd || remaining > 0;
    // What it defers although it answers, for example for a throttled shard, does not stop what is behind it.
    if (isEnd || !portion.goesOn) break;
  }
  return { destination: name, published, parked, waiting: first ?? [] };
}

interface Portion {
  readonly published: number;
  readonly parked: number;
  /** Number of commits that still wait. */
  readonly remaining: number;
  /** False if the destination does not answer. */
  readonly goesOn: boolean;
}

async function drainPortion(
  destination: Destination,
  rows: readonly WaitingRow[],
  dependencies: DrainDependencies,
): Promise<Portion> {
  const portion = await readAll(destination, rows, dependencies);
  return publishStep(dependencies.observer, destination.name, [...portion.toSend.keys()], (steps) =>
    sendPortion(steps, destination, portion, dependencies),
  );
}

async function sendPortion(
  steps: PublishSteps,
  destination: Destination,
  { toSend, missing, unwanted }: ReadPortion,
  dependencies: DrainDependencies,
): Promise<Portion> {
  const sent = await destination.send([...toSend.keys()], steps.traceparentOf);
  await noteLatePositions(sent.positions, dependencies);
  const notParked = new Set(await parkRefused(destination, sent, dependencies, steps));
  const deferred = new Set(sent.deferred);
  const refused = new Set(sent.refused.map(({ commit }) => commit));
  const isSettled = (commit: Commit) => !deferred.has(commit) && !notParked.has(commit);
  const hopeless: Hopeless[] = [
    ...missing.map((row) => ({ row, reason: 'The log has no such commit.', parking: dependencies })),
    ...sent.deferred.flatMap((commit) => {
      const row = toSend.get(commit);
      if (row === undefined || !isOverdue(row, dependencies)) return [];
      const parking = parkingIn([steps.of(commit)], dependencies);
      return [{ row, reason: `It waited for ${waitingMaxDays} days.`, parking }];
    }),
  ];
  const parkedRows = await parkRows(destination, hopeless);
  const settled = [...toSend].filter(([commit]) => isSettled(commit)).map(([, row]) => row);
  const done = [...settled, ...unwanted, ...parkedRows];
  await dependencies.waitingRoom.remove(done);
  const isParked = new Set<WaitingRow | undefined>(parkedRows);
  reportDeferred(sent, steps, (commit) => !isParked.has(toSend.get(commit)));
  const all = toSend.size + missing.length + unwanted.length;
  return {
    published: [...toSend.keys()].filter((commit) => isSettled(commit) && !refused.has(commit)).length,
    parked: refused.size - notParked.size + parkedRows.length,
    remaining: all - done.length,
    goesOn: sent.answered || done.length === all,
  };
}

interface ReadPortion {
  readonly toSend: ReadonlyMap<Commit, WaitingRow>;
  readonly missing: readonly WaitingRow[];
  readonly unwanted: readonly WaitingRow[];
}

/** The commits of the rows; the rows whose commit does not exist; those that the destination no longer takes. */
async function readAll(
  destination: Destination,
  rows: readonly WaitingRow[],
  dependencies: StoredCommits,
): Promise<ReadPortion> {
  const commits = new Map<WaitingRow, Commit>();
  await forEachConcurrently(
    rows.filter(({ stream, version }) => isPlaceOfCommit(stream, version)),
    concurrentReads,
    async (row) => {
      const commit = await storedCommit(row, dependencies);
      if (commit !== undefined) commits.set(row, commit);
    },
  );
  const read = rows.flatMap((row) => {
    const commit = commits.get(row);
    return commit === undefined ? [] : [{ row, commit, isWanted: isFor(destination, commit) }];
  });
  return {
    toSend: new Map(read.filter((one) => one.isWanted).map(({ row, commit }) => [commit, row])),
    missing: rows.filter((row) => !commits.has(row)),
    unwanted: read.filter((one) => !one.isWanted).map(({ row }) => row),
  };
}

function isOverdue({ waitingSince }: WaitingRow, { effects }: DeliveryDependencies): boolean {
  return Date.parse(effects.now()) - Date.parse(waitingSince) > waitingMaxDays * 86_400_000;
}

/** A row that waits in vain, and where it is parked. */
interface Hopeless {
  readonly row: WaitingRow;
  readonly reason: string;
  readonly parking: Parking;
}

/** Parks rows. Returns those that were parked. */
async function parkRows(
  { name }: Destination,
  hopeless: readonly Hopeless[],
): Promise<readonly WaitingRow[]> {
  const parkedRows: WaitingRow[] = [];
  await forEachConcurrently(hopeless, maxConcurrentParks, async ({ row, reason, parking }) => {
    const { stream, version } = row;
    const entry: Parked = {
      consumer: parkedFor(name),
      subject: isPlaceOfCommit(stream, version) ? `${stream}@${version}` : row.key,
      ...(isPlaceOfCommit(stream, version) && { version }),
      reason,
    };
    if (await tryPark(parking, entry)) parkedRows.push(row);
  });
  return parkedRows;
}
