import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue as DeliveredValue, DynamoDBRecord } from 'aws-lambda';
import { eventLogTable } from '../../../schema/tables.ts';
import { ShardedStream } from './sharded-stream.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** A change of an item, as the simulated DynamoDB reports it. */
export interface ItemChange {
  readonly table: string;
  readonly key: Item;
  /** Undefined: there was none. */
  readonly before?: Item | undefined;
  /** Undefined: it was removed. */
  readonly after?: Item | undefined;
  readonly nowMs: number;
}

/** Sequence numbers have 21 digits. */
const firstNumber = 10n ** 20n;

/** The DynamoDB stream of the log's table, with new images. */
export class LogStream {
  readonly stream: ShardedStream<ItemChange, DynamoDBRecord>;
  readonly #table: string;

  constructor({ table, shards }: { readonly table: string; readonly shards: number }) {
    this.#table = table;
    this.stream = new ShardedStream(shards, firstNumber, (change, { shardId, sequenceNumber }) => ({
      eventID: `${shardId}:${sequenceNumber}`,
      eventName: nameOf(change),
      eventSource: 'aws:dynamodb',
      eventSourceARN: `arn:aws:dynamodb:eu-central-1:111111111111:table/${table}/stream/2026-01-01T00:00:00.000`,
      eventVersion: '1.1',
      awsRegion: 'eu-central-1',
      dynamodb: {
        // Whole seconds, as Lambda delivers it.
        ApproximateCreationDateTime: Math.floor(change.nowMs / 1_000),
        Keys: delivered(change.key),
        ...(change.after && { NewImage: delivered(change.after) }),
        SequenceNumber: sequenceNumber,
        SizeBytes: 0,
        StreamViewType: 'NEW_IMAGE',
      },
    }));
  }

  /** Adds a change of the log to its stream. Changes of other tables are ignored. */
  readonly onChange = (change: ItemChange): void => {
    if (change.table !== this.#table) return;
    this.stream.add(change.key[eventLogTable.partitionKey]?.S ?? '', change, change.nowMs);
  };
}

function nameOf({ before, after }: ItemChange): 'INSERT' | 'MODIFY' | 'REMOVE' {
  if (after === undefined) return 'REMOVE';
  return before === undefined ? 'INSERT' : 'MODIFY';
}

/** The attributes as Lambda delivers them. The log has texts and numbers only, which have the same form in both. */
function delivered(item: Item): Record<string, DeliveredValue> {
  return { ...item } as Record<string, DeliveredValue>;
}
