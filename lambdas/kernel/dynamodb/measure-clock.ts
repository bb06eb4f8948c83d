import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CommitClock } from '../commit-clock.ts';
import type { Effects } from '../effects.ts';

/** Lets the clock learn from every answer that this client gets. An answer without `Date` header changes nothing. */
export function measureClock(
  client: DynamoDBClient,
  clock: Pick<CommitClock, 'note'>,
  { now }: Pick<Effects, 'now'>,
): void {
  client.middlewareStack.add(
    (next) => async (attempt) => {
      const sentMs = Date.parse(now());
      const result = await next(attempt);
      clock.note({ sentMs, receivedMs: Date.parse(now()), date: dateOf(result.response) });
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'measureClock' },
  );
}

function dateOf(response: unknown): string | undefined {
  const { headers } = response as { headers?: Readonly<Record<string, string>> };
  return headers?.['date'];
}
