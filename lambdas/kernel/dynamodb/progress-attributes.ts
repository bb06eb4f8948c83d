import { isBefore, type ShardProgress } from '../progress.ts';
import type { Item } from './dynamodb-batches.ts';

/**
 * The attributes of a consumer's progress.
 * `reached/<shard>`: the sequence number, filled with zeros so that text order is its order; a space; the time of the
 * commit. `unfinished/<shard>/<sequence number>`: the time of the commit. `<shard>`: the form of earlier versions, the
 * number without zeros and the time. It is still read, because it can be further after a deployment.
 */
const reachedPrefix = 'reached/';
const unfinishedPrefix = 'unfinished/';

/**
 * Maximum digits of a sequence number.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html
 */
const maxDigits = 129;

/** What the attributes say. */
export interface NotedAttributes {
  readonly reached: readonly ShardProgress[];
  readonly unfinished: readonly ShardProgress[];
}

export function reachedAttribute(shardId: string): string {
  return `${reachedPrefix}${shardId}`;
}

export function unfinishedAttribute({ shardId, sequenceNumber }: ShardProgress): string {
  return `${unfinishedPrefix}${shardId}/${sequenceNumber}`;
}

/** The value of {@link reachedAttribute}. Text order is the order of the sequence numbers. */
export function orderedOf({ sequenceNumber, committedAt }: ShardProgress): string {
  return `${sequenceNumber.padStart(maxDigits, '0')} ${committedAt}`;
}

/** Reads the attributes of both forms: for each shard, the one that is further. */
export function readProgress(item: Item, partitionKey: string): NotedAttributes {
  const reached = new Map<string, ShardProgress>();
  const unfinished: ShardProgress[] = [];
  for (const [name, { S: text = '' }] of Object.entries(item)) {
    if (name === partitionKey) continue;
    const mark = unfinishedOf(name, text);
    if (mark) unfinished.push(mark);
    const one = reachedOf(name, text);
    const other = one && reached.get(one.shardId);
    if (one && (other === undefined || isBefore(other, one))) reached.set(one.shardId, one);
  }
  return { reached: [...reached.values()], unfinished };
}

function unfinishedOf(name: string, committedAt: string): ShardProgress | undefined {
  if (!name.startsWith(unfinishedPrefix)) return undefined;
  const [shardId = '', sequenceNumber = ''] = name.slice(unfinishedPrefix.length).split('/');
  return isDecimal(sequenceNumber) ? { shardId, sequenceNumber, committedAt } : undefined;
}

function reachedOf(name: string, text: string): ShardProgress | undefined {
  const [digits = '', committedAt] = text.split(' ');
  if (!isDecimal(digits) || committedAt === undefined) return undefined;
  const shardId = name.startsWith(reachedPrefix) ? name.slice(reachedPrefix.length) : name;
  return { shardId, sequenceNumber: digits.replace(/^0+(?=\d)/, ''), committedAt };
}

function isDecimal(text: string): boolean {
  return /^\d+$/.test(text);
}
