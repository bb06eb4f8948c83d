import { isBefore, type NotedProgress, type ShardProgress } from '../progress.ts';
import type { Item } from './dynamodb-batches.ts';

/**
 * The attributes of a consumer's progress.
 * `reached/<shard>`: `<digits of the number>:<number>@<time of the commit>`, where the count of digits makes text order the
 * order of the numbers. `unfinished/<shard>/<number>`: the time of the commit. `<shard>`: the form of earlier versions, the
 * number, a space and the time. It is still read, because it can be further after a deployment. An earlier version ignores
 * attributes without a space, so it works after a rollback.
 */
const reachedPrefix = 'reached/';
const unfinishedPrefix = 'unfinished/';

/**
 * Digits of the count of digits. A sequence number has at most 129.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html
 */
const countDigits = 3;

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
  const digits = BigInt(sequenceNumber).toString();
  return `${String(digits.length).padStart(countDigits, '0')}:${digits}@${committedAt}`;
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

/** The progress in each shard, with its unfinished records. */
export function notedIn({ reached, unfinished }: NotedAttributes): NotedProgress[] {
  return reached.map((one) => {
    const own = unfinished
      .filter(({ shardId }) => shardId === one.shardId)
      .map(({ sequenceNumber, committedAt }) => ({ sequenceNumber, committedAt }));
    return { ...one, ...(own.length > 0 && { unfinished: own }) };
  });
}

function unfinishedOf(name: string, committedAt: string): ShardProgress | undefined {
  if (!name.startsWith(unfinishedPrefix)) return undefined;
  const [shardId = '', sequenceNumber = ''] = name.slice(unfinishedPrefix.length).split('/');
  return /^\d+$/.test(sequenceNumber) ? { shardId, sequenceNumber, committedAt } : undefined;
}

function reachedOf(name: string, text: string): ShardProgress | undefined {
  const isOrdered = name.startsWith(reachedPrefix);
  const form = isOrdered ? /^\d+:(\d+)@(.+)$/ : /^(\d+) (.+)$/;
  const [, sequenceNumber, committedAt] = form.exec(text) ?? [];
  if (sequenceNumber === undefined || committedAt === undefined) return undefined;
  return { shardId: isOrdered ? name.slice(reachedPrefix.length) : name, sequenceNumber, committedAt };
}
