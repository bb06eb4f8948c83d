import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { StreamName } from '../commit.ts';
import type { Effects } from '../effects.ts';
import { versionKey } from '../projection.ts';
import { segmentMaxEvents } from '../segments/cut.ts';
import type {
  SegmentRange,
  SegmentStore,
  StoredHead,
  StoredRow,
  StoredSegment,
} from '../segments/segment-store.ts';
import { type QueryPage, queryPage, type RawItem } from './query-page.ts';
import { headOf, rowOf, segmentOf, toHead, toRow, toSegment } from './segment-items.ts';
import type { SortedTable } from './tables.ts';

const defaultPageSize = 32;

interface DynamoDBSegmentStoreOptions {
  /** How long one read may take with all its attempts, `maxMs` in ms: the log has everything too. Default: as long as the client allows. */
  readonly readLimit?: { readonly maxMs: number } & Pick<Effects, 'timeLimit'>;
}

/** `isOutage` recognises it by its name. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** Sealed history on DynamoDB. Needs `dynamodb:GetItem` and `Query` on the table to read, and `PutItem` to seal. */
export class DynamoDBSegmentStore implements SegmentStore {
  readonly #client: DynamoDBClient;
  readonly #table: SortedTable;
  readonly #readLimit: DynamoDBSegmentStoreOptions['readLimit'];

  /** `table`: its partition key is the stream, its sort key the name of the part. */
  constructor(client: DynamoDBClient, table: SortedTable, { readLimit }: DynamoDBSegmentStoreOptions = {}) {
    this.#client = client;
    this.#table = table;
    this.#readLimit = readLimit;
  }

  async *segments(stream: StreamName, range: SegmentRange): AsyncIterable<readonly StoredSegment[]> {
    const { fromVersion, toVersion, pageSize = defaultPageSize } = range;
    if (toVersion !== undefined && toVersion < fromVersion) return;
    // The segment with this version begins before it, unless it has only one commit.
    const from = `events#${versionKey(Math.max(1, fromVersion - segmentMaxEvents + 1))}`;
    const to = `events#${toVersion === undefined ? '~' : versionKey(toVersion)}`;
    const query = (startKey?: RawItem) =>
      this.#query(stream, [from, to], {
        Limit: pageSize,
        ExclusiveStartKey: startKey as QueryCommandInput['ExclusiveStartKey'],
      });
    // A reader that asks for single segments stops soon.
    const isAhead = pageSize > 1;
    let next: Promise<QueryPage> | undefined = query();
    while (next !== undefined) {
      const { items, lastKey }: QueryPage = await next;
      // The next page is on its way while this one is folded. A reader may stop, so nobody may wait for it.
      next = isAhead && lastKey ? query(lastKey) : undefined;
      next?.catch(() => undefined);
      const segments = items.map((item) => segmentOf(stream, item, this.#table.sortKey));
      yield segments.filter(({ version }) => !(version < fromVersion));
      if (lastKey) next ??= query(lastKey);
    }
  }

  async rowBefore(stream: StreamName, version: number): Promise<StoredRow | undefined> {
    const range = ['state#', `state#${versionKey(version)}`] as const;
    const { items } = await this.#query(stream, range, { Limit: 1, ScanIndexForward: false });
    return items[0] && rowOf(stream, items[0], this.#table.sortKey);
  }

  async head(stream: StreamName, { consistent = false } = {}): Promise<StoredHead | undefined> {
    const { name } = this.#table;
    const Key = this.#key(stream, 'head');
    const get = new GetItemCommand({ TableName: name, Key, ConsistentRead: consistent });
    const { Item } = await this.#inTime((options) => this.#client.send(get, options));
    return Item && headOf(stream, Item);
  }

  async putSegment(segment: StoredSegment): Promise<void> {
    await this.#put(segment.stream, `events#${versionKey(segment.firstVersion)}`, toSegment(segment));
  }

  async putRow(row: StoredRow): Promise<void> {
    await this.#put(row.stream, `state#${versionKey(row.version)}`, toRow(row));
  }

  async putHead(head: StoredHead, { replaces = '' }: { replaces?: string | undefined } = {}): Promise<void> {
    try {
      await this.#put(head.stream, 'head', toHead(head), {
        // A head without a checksum is damaged, whatever else it has. It must not stay for ever.
        ConditionExpression:
          'NOT attribute_type(#checksum, :text) OR #version < :version OR #checksum = :replaces',
        ExpressionAttributeNames: {
          '#version': 'version',
          '#checksum': 'checksum',
        },
        ExpressionAttributeValues: {
          ':version': { N: String(head.version) },
          ':replaces': { S: replaces },
          ':text': { S: 'S' },
        },
      });
    } catch (error) {
      // Another sealer was faster.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  #query(
    stream: StreamName,
    [from, to]: readonly [string, string],
    more: Pick<QueryCommandInput, 'Limit' | 'ScanIndexForward' | 'ExclusiveStartKey'>,
  ): Promise<QueryPage> {
    const { name, partitionKey, sortKey } = this.#table;
    const query: QueryCommandInput = {
      TableName: name,
      KeyConditionExpression: '#stream = :stream AND #part BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#stream': partitionKey, '#part': sortKey },
      ExpressionAttributeValues: { ':stream': { S: stream }, ':from': { S: from }, ':to': { S: to } },
      ...more,
    };
    return this.#inTime((options) => queryPage(this.#client, query, options?.abortSignal));
  }

  /** Throws `TimeoutError` if a read takes too long. */
  async #inTime<Output>(
    send: (options?: { readonly abortSignal: AbortSignal }) => Promise<Output>,
  ): Promise<Output> {
    if (this.#readLimit === undefined) return send();
    const abortSignal = this.#readLimit.timeLimit(this.#readLimit.maxMs);
    try {
      return await send({ abortSignal });
    } catch (cause) {
      if (!abortSignal.aborted) throw cause;
      throw new TimeoutError('Sealed history could not be read in time.', { cause });
    }
  }

  async #put(
    stream: StreamName,
    part: string,
    attributes: Record<string, AttributeValue>,
    condition: object = {},
  ): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table.name,
        Item: { ...this.#key(stream, part), ...attributes },
        ...condition,
      }),
    );
  }

  #key(stream: StreamName, part: string): Record<string, AttributeValue> {
    return { [this.#table.partitionKey]: { S: stream }, [this.#table.sortKey]: { S: part } };
  }
}
