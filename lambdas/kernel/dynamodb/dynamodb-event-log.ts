import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { eventLogTable } from '../../../schema/tables.ts';
import type { Commit, StreamName } from '../commit.ts';
import { type AppendResult, appendMaxCommits, type EventLog, type ReadRange } from '../event-log.ts';
import { type CommitItem, fromItem, toItem } from './commit-item.ts';

const { partitionKey, sortKey } = eventLogTable;

/** What a put of a commit carries: it must be the first at its place, and says who stands there if it is not. */
const putCondition = {
  ConditionExpression: 'attribute_not_exists(#stream)',
  ExpressionAttributeNames: { '#stream': partitionKey },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const;

/**
 * The event log on DynamoDB. Needs `dynamodb:PutItem`, `GetItem` and `Query` on the table
 * (`TransactWriteItems` is authorised by `PutItem`).
 */
export class DynamoDBEventLog implements EventLog {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
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
    let startKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#tableName,
          ConsistentRead: true,
          KeyConditionExpression: '#stream = :stream AND #version >= :from',
          ExpressionAttributeNames: { '#stream': partitionKey, '#version': sortKey },
          ExpressionAttributeValues: {
            ':stream': { S: stream },
            ':from': { N: String(range.fromVersion ?? 1) },
          },
          Limit: range.pageSize,
          ExclusiveStartKey: startKey,
        }),
      );
      if (page.Items?.length) yield page.Items.map(fromItem);
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
  }

  async readCommit(stream: StreamName, version: number): Promise<Commit | undefined> {
    const item = await this.#get(stream, version);
    return item && fromItem(item);
  }

  async #put(commit: Commit): Promise<AppendResult> {
    try {
      await this.#client.send(
        new PutItemCommand({ TableName: this.#tableName, Item: toItem(commit), ...putCondition }),
      );
      return 'appended';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return this.#resolve([commit], [error.Item]);
      if (error instanceof TransactionConflictException) return 'conflict';
      throw error;
    }
  }

  async #putAll(commits: readonly Commit[]): Promise<AppendResult> {
    const puts = commits.map((commit) => ({
      Put: { TableName: this.#tableName, Item: toItem(commit), ...putCondition },
    }));
    try {
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
      return 'appended';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      if (!reasons.some(isLostRace) || reasons.some(isNotARace)) throw error;
      if (reasons.some(isTransactionConflict)) return 'conflict';
      return this.#resolve(
        commits,
        reasons.map((reason) => reason.Item),
      );
    }
  }

  /**
   * A refused put is either a lost race, or our own earlier try whose response was lost (the SDK retries those):
   * the place then holds exactly our events.
   */
  async #resolve(
    commits: readonly Commit[],
    found: readonly (CommitItem | undefined)[],
  ): Promise<AppendResult> {
    for (const [index, commit] of commits.entries()) {
      // Not every engine returns the old item with the refusal: then it is read.
      const item = found[index] ?? (await this.#get(commit.stream, commit.version));
      if (!item || fromItem(item).events[0]?.id !== commit.events[0]?.id) {
        return 'conflict';
      }
    }
    return 'appended';
  }

  async #get(stream: StreamName, version: number): Promise<CommitItem | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        ConsistentRead: true,
        Key: { [partitionKey]: { S: stream }, [sortKey]: { N: String(version) } },
      }),
    );
    return Item;
  }
}

function isTransactionConflict(reason: CancellationReason): boolean {
  return reason.Code === 'TransactionConflict';
}

function isLostRace(reason: CancellationReason): boolean {
  return reason.Code === 'ConditionalCheckFailed' || isTransactionConflict(reason);
}

/** Throttling, size or validation: not for a retry by deciding again. */
function isNotARace(reason: CancellationReason): boolean {
  return reason.Code !== undefined && reason.Code !== 'None' && !isLostRace(reason);
}
