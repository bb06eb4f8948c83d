import { type Commit, lastVersionOf, type StreamName } from './commit.ts';
import type { EventLog } from './event-log.ts';

/**
 * How far the times of two commits of one command can be apart, in ms. New ones are equal. In commits of earlier versions, a
 * commit's time is the time of its command, or that of the stream's previous commit if that is later. So the difference is at
 * most the time that a command takes, and the difference between the clocks.
 */
const apartMaxMs = 60_000;

/** Maximum number of commits to read on each side of the expected place. */
export const searchMaxCommits = 2_000;

/** Where to search. */
export interface ForgottenPlace {
  readonly stream: StreamName;
  /** The version of the stream. */
  readonly version: number;
  /** The time of the same command's commit on another stream, ISO 8601, UTC, ms. */
  readonly committedAt: string;
}

/**
 * The commit of a command that the stream's recent commands do not contain any more, found by its time. It halves the
 * history with single reads, then reads at most twice {@link searchMaxCommits} commits. Undefined if it is not there.
 */
export async function findForgotten(
  log: Pick<EventLog, 'read'>,
  { stream, version, committedAt }: ForgottenPlace,
  identity: Pick<Commit, 'commandId' | 'commandHash'>,
): Promise<Commit | undefined> {
  const time = Date.parse(committedAt);
  const [earliest, latest] = [-apartMaxMs, apartMaxMs].map((ms) => new Date(time + ms).toISOString());
  const isFound = ({ commandId, commandHash }: Commit) =>
    commandId === identity.commandId && commandHash === identity.commandHash;
  const search = async (from: string, isBeyond: (commit: Commit) => boolean) => {
    const fromVersion = await firstVersionSince(log, stream, version, from);
    let count = 0;
    for await (const page of log.read(stream, { fromVersion, pageSize: 500 })) {
      for (const commit of page) {
        if (isFound(commit)) return commit;
        count += 1;
        if (count >= searchMaxCommits || isBeyond(commit)) return undefined;
      }
    }
    return undefined;
  };
  // Usually the times are equal, so the first commit is the right one.
  return (
    (await search(committedAt, (commit) => commit.committedAt > (latest ?? ''))) ??
    (await search(earliest ?? '', (commit) => commit.committedAt >= committedAt))
  );
}

/** First version of the first commit at or after a time. The times of a stream's commits never decrease. */
async function firstVersionSince(
  log: Pick<EventLog, 'read'>,
  stream: StreamName,
  version: number,
  time: string,
): Promise<number> {
  let [low, high] = [1, version + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const commit = await firstFrom(log, stream, middle);
    if (commit === undefined || commit.committedAt >= time) high = middle;
    else low = lastVersionOf(commit) + 1;
  }
  return low;
}

async function firstFrom(
  log: Pick<EventLog, 'read'>,
  stream: StreamName,
  fromVersion: number,
): Promise<Commit | undefined> {
  for await (const [commit] of log.read(stream, { fromVersion, pageSize: 1 })) return commit;
  return undefined;
}
