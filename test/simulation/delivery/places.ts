import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';
import { eventLogTable } from '../../../schema/tables.ts';
import type { Message } from '../services/queue.ts';

/** "ledger/acc-1@4" of a record of the log's stream. */
export function placeInLog({ dynamodb }: DynamoDBRecord): string {
  const { Keys } = dynamodb ?? {};
  return `${Keys?.[eventLogTable.partitionKey]?.S}@${Keys?.[eventLogTable.sortKey]?.N}`;
}

/** "ledger/acc-1@4" of a record of the event stream. */
export function placeInEventStream({ kinesis }: KinesisStreamRecord): string {
  return placeOfText(Buffer.from(kinesis.data, 'base64').toString()) ?? kinesis.partitionKey;
}

/** "ledger/acc-1@4" of a message with a commit, and "ledger/acc-1" of one with a stream. Others have their id. */
export function placeOfMessage({ id, body }: Message): string {
  return placeOfText(body) ?? id;
}

interface Published {
  readonly stream?: unknown;
  readonly events?: readonly { readonly subject?: unknown; readonly commitversion?: unknown }[];
}

function placeOfText(text: string): string | undefined {
  try {
    const { stream, events }: Published = Object(JSON.parse(text));
    const first = events?.[0];
    if (first !== undefined) return `${first.subject}@${first.commitversion}`;
    return typeof stream === 'string' ? stream : undefined;
  } catch {
    return undefined;
  }
}
