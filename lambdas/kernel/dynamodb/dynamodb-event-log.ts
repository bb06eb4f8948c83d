import {
  type CancellationReason,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { checked, noteLogChange } from '../chain.ts';
import type { Commit, StreamName } from '../commit.ts';
import { appendCutOffMs } from '../commit-clock.ts';
import type { Effects } from '../effects.ts';
import { type AppendResult, appendMaxCommits, type EventLog, type ReadRange } from '../event-log.ts';
import { type Observer, silentObserver } from '../observer.ts';
import { type CommitPage, type FetchPage, type PageRange, readAhead, readInOrder } from '../read-ahead.ts';
import { type CommitItem, fromItem, toItem } from './commit-item.ts';
import { queryPage } from './query-page.ts';
import type { SortedTable } from './tables.ts';

interface DynamoDBEventLogOptions extends Pick<Effects, 'now' | 'timeLimit'> {
  /** How long an append may take, in ms. Default: {@link appendCutOffMs}. */
  readonly cutOffMs?: number;
  /** Counts commits that are not what was appended. Default: none. */
  readonly observer?: Pick<Observer, 'warn' | 'count'>;
}

class CutOffError extends Error {
  override readonly name = 'CutOffError';
}

/**
 * The event log on DynamoDB. Needs `dynamodb:PutItem`, `GetItem` and `Query` on the table
 * (`TransactWriteItems` is authorised by `PutItem`).
 */
export class DynamoDBEventLog implements EventLog {
  readonly #client: DynamoDBClient;
  readonly #table: SortedTable;
  readonly #options: DynamoDBEventLogOptions;

  /** `table`: its partition key is the stream, its sort key the version of a commit's first event. */
  constructor(client: DynamoDBClient, table: SortedTable, options: DynamoDBEventLogOptions) {
    this.#client = client;
    this.#table = table;
    this.#options = options;
  }

  async append(commits: readonly Commit[]): Promise<AppendResult> {
    const [first, ...others] = commits;
    if (first === undefined) return 'appended';
    if (commits.length > appendMaxCommits) {
      throw new RangeError(`An append spans at most ${appendMaxCommits} streams, not ${commits.length}.`);
    }
    return others.length === 0 ? this.#put(first) : this.#putAll(commits);
  }

  async *read(stream: StreamName, range: ReadRange = {}): AsyncIterable<readonly Commit[]> {
    try {
      yield* checked(this.#pages(stream, range), range.fromVersion);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  #pages(
    stream: StreamName,
    { fromVersion: from = 1, toVersion: to, pageSize, readsOn }: ReadRange,
  ): AsyncIterable<readonly Commit[]> {
    const fetch: FetchPage = (range, signal) => this.#page(stream, range, signal);
    // A caller that says how many commits it needs may need no more.
    return pageSize === undefined
      ? readAhead(fetch, { from, to, readsOn })
      : readInOrder(fetch, { from, to, maxCommits: pageSize });
  }

  async #page(stream: StreamName, range: PageRange, signal: AbortSignal): Promise<CommitPage> {
    const { name, partitionKey, sortKey } = this.#table;
    const { from, to, maxCommits } = range;
    const input = {
      TableName: name,
      ConsistentRead: true,
      KeyConditionExpression: `#stream = :stream AND #version ${to === undefined ? '>= :from' : 'BETWEEN :from AND :to'}`,
      ExpressionAttributeNames: { '#stream': partitionKey, '#version': sortKey },
      ExpressionAttributeValues: {
        ':stream': { S: stream },
        ':from': { N: String(from) },
        ...(to !== undefined && { ':to': { N: String(to) } }),
      },
      Limit: maxCommits,
    };
    const { items, lastKey, bytes } = await queryPage(this.#client, input, signal);
    return {
      bytes,
      cutAfter: lastKey && Number(lastKey[sortKey]?.N),
      commits: () => items.map((item) => fromItem(item, this.#table)),
    };
  }

  async readCommit(stream: StreamName, version: number): Promise<Commit | undefined> {
    const item = await this.#get(stream, version);
    return item && this.#commitOf(item);
  }

  #commitOf(item: CommitItem): Commit {
    try {
      return fromItem(item, this.#table);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  #noted(error: unknown): unknown {
    noteLogChange(this.#options.observer ?? silentObserver, error);
    return error;
  }

  async #put(commit: Commit): Promise<AppendResult> {
    try {
      return await this.#sendInTime(new PutItemCommand(this.#putOf(commit)));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return this.#resolve([commit], [error.Item]);
      if (error instanceof TransactionConflictException) return 'conflict';
      throw error;
    }
  }

  async #putAll(commits: readonly Commit[]): Promise<AppendResult> {
    const puts = commits.map((commit) => ({ Put: this.#putOf(commit) }));
    try {
      return await this.#sendInTime(new TransactWriteItemsCommand({ TransactItems: puts }));
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      if (!reasons.some(isConflict) || reasons.some(isOtherFault)) throw error;
      if (reasons.some(isTransactionConflict)) return 'conflict';
      return this.#resolve(
        commits,
        reasons.map((reason) => reason.Item),
      );
    }
  }

  /**
   * Sends a write, with the client's attempts, until the time limit. It then closes the connection, and no attempt begins
   * later: not even in a process that was paused between two attempts.
   */
  async #sendInTime(append: PutItemCommand | TransactWriteItemsCommand): Promise<'appended' | 'unknown'> {
    // The methods of both have the same parameters here, but TypeScript cannot call a union of them.
    const write = append as PutItemCommand;
    const { now, timeLimit, cutOffMs = appendCutOffMs } = this.#options;
    const endMs = Date.parse(now()) + cutOffMs;
    const isOver = () => Date.parse(now()) >= endMs;
    write.middlewareStack.add(
      (next) => async (attempt) => {
        if (isOver()) throw new CutOffError('There is no time for another attempt.');
        return next(attempt);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'timeLimit' },
    );
    const abortSignal = timeLimit(cutOffMs);
    try {
      await this.#client.send(write, { abortSignal });
      return 'appended';
    } catch (error) {
      if (error instanceof CutOffError || isAbort(error)) return 'unknown';
      throw error;
    }
  }

  /** Fails if a commit exists at this version, and then returns the existing item. */
  #putOf(commit: Commit) {
    return {
      TableName: this.#table.name,
      Item: toItem(commit, this.#table),
      ConditionExpression: 'attribute_not_exists(#stream)',
      ExpressionAttributeNames: { '#stream': this.#table.partitionKey },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }

  /**
   * Finds out why a put was refused. Either another writer committed first, or an earlier attempt of this append
   * succeeded, its response was lost, and the SDK retried. In the second case the existing items have our events. Recognising them
   * is only for speed: after a conflict, the command finds its own commit too.
   */
  async #resolve(
    commits: readonly Commit[],
    found: readonly (CommitItem | undefined)[],
  ): Promise<AppendResult> {
    for (const [index, commit] of commits.entries()) {
      // Not every engine returns the existing item.
      const item = found[index] ?? (await this.#get(commit.stream, commit.version));
      if (!item || this.#commitOf(item).events[0]?.id !== commit.events[0]?.id) return 'conflict';
    }
    return 'appended';
  }

  async #get(stream: StreamName, version: number): Promise<CommitItem | undefined> {
    const { name, partitionKey, sortKey } = this.#table;
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: name,
        ConsistentRead: true,
        Key: { [partitionKey]: { S: stream }, [sortKey]: { N: String(version) } },
      }),
    );
    return Item;
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function isTransactionConflict(reason: CancellationReason): boolean {
  return reason.Code === 'TransactionConflict';
}

function isConflict(reason: CancellationReason): boolean {
  return reason.Code === 'ConditionalCheckFailed' || isTransactionConflict(reason);
}

/** Throttling, size or validation: not a conflict, so deciding again does not help. */
function isOtherFault(reason: CancellationReason): boolean {
  return reason.Code !== undefined && reason.Code !== 'None' && !isConflict(reason);
}
