import type { DynamoDBRecord } from 'aws-lambda';
import type { CommitKeys } from '../dynamodb/index.ts';
import type { Observer } from '../observer.ts';

/**
 * Reports and counts the records of the log's stream that are no appends: somebody changed, replaced or removed a commit. No
 * code of the application does that. Returns their number. They are never published: consumers keep what they received first.
 */
export function reportLogChanges(
  records: readonly DynamoDBRecord[],
  { keys, observer }: { readonly keys: CommitKeys; readonly observer: Pick<Observer, 'warn' | 'count'> },
): number {
  const changes = records.filter(({ eventName }) => eventName !== 'INSERT');
  for (const { eventName, dynamodb = {}, userIdentity } of changes) {
    observer.warn('A commit of the log was changed or removed.', {
      stream: dynamodb.Keys?.[keys.partitionKey]?.S,
      version: Number(dynamodb.Keys?.[keys.sortKey]?.N),
      eventName,
      // DynamoDB names itself when a time to live removed the item.
      ...(userIdentity && { userIdentity }),
      changedAt: new Date((dynamodb.ApproximateCreationDateTime ?? 0) * 1_000).toISOString(),
    });
  }
  if (changes.length > 0) observer.count('LogChanged', changes.length);
  return changes.length;
}
