import type { DynamoDBRecord } from 'aws-lambda';
import { type Commit, isPlaceOfCommit, type StreamName } from '../commit.ts';
import { type CommitItem, type CommitKeys, fromItem } from '../dynamodb/index.ts';
import { validTraceparent } from '../trace-context.ts';
import type { RawRecord } from './decode-or-park.ts';
import { notificationAt } from './stored-commit.ts';

/** Keeps a subject within 1,024 bytes, the limit of the parking lot's sort key. */
const subjectMaxChars = 250;

/** The commit in a record of the log's stream. Throws if it cannot be read. */
export function commitOf(record: DynamoDBRecord, keys: CommitKeys): Commit {
  const image = record.dynamodb?.NewImage;
  if (!image) throw new Error('The stream record has no new image.');
  // The types differ, but strings and numbers have the same form in both. A commit has no other attributes.
  return fromItem(image as CommitItem, keys);
}

/**
 * A commit without events at the stream and version of a record, in its trace; undefined if the record names no stream or version. What cannot be read is
 * what somebody will look for.
 */
export function notificationOf({ dynamodb }: DynamoDBRecord, keys: CommitKeys): Commit | undefined {
  const stream = dynamodb?.Keys?.[keys.partitionKey]?.S;
  const version = Number(dynamodb?.Keys?.[keys.sortKey]?.N);
  if (!isPlaceOfCommit(stream, version)) return undefined;
  const committedAt = new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000).toISOString();
  const traceparent = validTraceparent(dynamodb?.NewImage?.['traceparent']?.S);
  return {
    ...notificationAt({ stream: stream as StreamName, version, committedAt }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** The record in the form in which it is parked. Its subject is its stream and version, if it names them. */
export function rawRecordOf(
  { dynamodb = {} }: DynamoDBRecord,
  keys: CommitKeys,
): Omit<RawRecord, 'consumer'> {
  const { Keys, SequenceNumber = '' } = dynamodb;
  const stream = Keys?.[keys.partitionKey]?.S ?? SequenceNumber;
  const version = Keys?.[keys.sortKey]?.N ?? SequenceNumber;
  return { subject: `${stream}@${version}`.slice(0, subjectMaxChars), text: () => JSON.stringify(dynamodb) };
}
