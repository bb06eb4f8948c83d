import { type CommitItem, fromItem } from '../../../lambdas/kernel/dynamodb/index.ts';
import { type ChainEnd, endOf, requireContinues, type StreamName } from '../../../lambdas/kernel/index.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import { messageOf } from '../../host/user-error.ts';

/** The first place of a stream where the log is not what was appended. */
export interface BrokenPlace {
  readonly stream: string;
  /** First version of the commit; of the snapshot, if that shows it. */
  readonly version: number;
  /** What differs, as a sentence. */
  readonly difference: string;
}

/** Follows the chain of one stream, commit by commit in order. Needs the memory of one commit. */
export class ChainWalk {
  readonly stream: StreamName;
  #end: ChainEnd = { version: 0, hash: undefined };
  #unsealed: number | undefined;

  constructor(stream: StreamName) {
    this.stream = stream;
  }

  /** The version of the stream so far. */
  get version(): number {
    return this.#end.version;
  }

  /** The version of the first commit without a hash after one with a hash; undefined if there is none. */
  get unsealed(): number | undefined {
    return this.#unsealed;
  }

  /** The next commit. Returns what is wrong with it; undefined if nothing is. */
  take(item: CommitItem): BrokenPlace | undefined {
    try {
      const commit = fromItem(item, eventLogTable);
      requireContinues(commit, this.#end);
      if (commit.hash === undefined && this.#end.hash !== undefined) this.#unsealed ??= commit.version;
      this.#end = endOf(commit);
      return undefined;
    } catch (error) {
      return { stream: this.stream, version: versionOf(item), difference: messageOf(error) };
    }
  }
}

/** The stream that an item belongs to. */
export function streamOf(item: CommitItem): StreamName {
  return (item[eventLogTable.partitionKey]?.S ?? '') as StreamName;
}

/** The version of an item's first event. */
export function versionOf(item: CommitItem): number {
  return Number(item[eventLogTable.sortKey]?.N);
}
