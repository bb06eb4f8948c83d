import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { ShardProgress } from '../progress.ts';
import { orderedOf, reachedAttribute, unfinishedAttribute } from './progress-attributes.ts';

/** What one write changes in a consumer's progress. */
export interface ProgressChange {
  /** The new progress of these shards. The write is carried out only if all of them are before it. */
  readonly reached?: readonly ShardProgress[] | undefined;
  /** A record that is unfinished from now on. */
  readonly unfinished?: ShardProgress | undefined;
  /** Records that are no longer unfinished, whether they are noted as that or not. `unfinished` is none of them. */
  readonly finished?: readonly ShardProgress[] | undefined;
}

/** Whether the change changes nothing. */
export function isEmpty({ reached = [], unfinished, finished = [] }: ProgressChange): boolean {
  return reached.length === 0 && unfinished === undefined && finished.length === 0;
}

/** The parts of an UpdateItem that carries out a change, which is not empty. */
export function progressUpdate({
  reached = [],
  unfinished,
  finished = [],
}: ProgressChange): Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> {
  // One attribute per shard: consumers of different shards do not overwrite each other.
  const shards = reached.map((one, index) => ({
    ...{ name: `#shard${index}`, attribute: reachedAttribute(one.shardId) },
    ...{ value: `:at${index}`, text: orderedOf(one) },
  }));
  const marks = (unfinished ? [unfinished] : []).map((mark) => ({
    ...{ name: '#mark', attribute: unfinishedAttribute(mark) },
    ...{ value: ':mark', text: mark.committedAt },
  }));
  const removed = new Set(finished.map(unfinishedAttribute));
  const gone = [...removed].map((attribute, index) => ({ name: `#gone${index}`, attribute }));
  const set = [...shards, ...marks];
  const parts = [
    ...(set.length > 0 ? [`SET ${set.map(({ name, value }) => `${name} = ${value}`).join(', ')}`] : []),
    ...(gone.length > 0 ? [`REMOVE ${gone.map(({ name }) => name).join(', ')}`] : []),
  ];
  const conditions = shards.map(({ name, value }) => `(attribute_not_exists(${name}) OR ${name} < ${value})`);
  return {
    UpdateExpression: parts.join(' '),
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeNames: Object.fromEntries(
      [...set, ...gone].map(({ name, attribute }) => [name, attribute]),
    ),
    ...(set.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(set.map(({ value, text }) => [value, { S: text }])),
    }),
  };
}
