import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBEventLog } from '../../../lambdas/kernel/dynamodb/index.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import { credentials, region } from '../aws-json.ts';
import type { CreatedApp } from '../host.ts';
import { UserError } from '../user-error.ts';
import { appendEvents, endOf, type SeededLog } from './append-events.ts';
import { type StressAccount, stressAccounts } from './stress.ts';

/** How often progress is shown, in ms. */
const progressMs = 5_000;

export interface SeedOptions {
  readonly say: (line: string) => void;
  /** Ends the seed between two commits. The next one continues there. */
  readonly signal: AbortSignal;
  /** Default: {@link stressAccounts}. */
  readonly accounts?: readonly StressAccount[];
}

/**
 * Appends the events that the accounts lack to the log, as the API does but without its requests. It runs before functions
 * get events: then the publisher and the projectors take them in whole batches.
 * @throws {UserError} when an account cannot be seeded.
 */
export async function seedStress(
  { dynamodbUrl, environmentOf }: CreatedApp,
  options: SeedOptions,
): Promise<void> {
  const { say, signal, accounts = stressAccounts } = options;
  const table = environmentOf('streamfold-local-api')?.['EVENT_LOG_TABLE'];
  if (table === undefined) throw new UserError('This app has no event log that could be seeded.');
  const client = new DynamoDBClient({ endpoint: dynamodbUrl, region, credentials });
  try {
    const now = () => new Date().toISOString();
    const timeLimit = (ms: number) => AbortSignal.timeout(ms);
    const log = new DynamoDBEventLog(client, { name: table, ...eventLogTable }, { now, timeLimit });
    await appendAll({ client, table, log, now }, accounts, { say, signal });
  } finally {
    client.destroy();
  }
}

async function appendAll(
  seeded: SeededLog,
  accounts: readonly StressAccount[],
  { say, signal }: SeedOptions,
): Promise<void> {
  const ends = await Promise.all(accounts.map(({ id }) => endOf(seeded, id)));
  const wanted = accounts.reduce((sum, { events }) => sum + events, 0);
  const lacking = accounts.map(({ events }, at) => Math.max(0, events - (ends[at]?.version ?? 0)));
  let missing = lacking.reduce((sum, each) => sum + each, 0);
  if (missing === 0) return say('The stress accounts have all their events.');
  say(`Appending ${missing} of the ${wanted} events of the stress accounts ...`);
  const show = setInterval(() => say(`  ${missing} to go`), progressMs);
  try {
    const onAppended = (count: number) => {
      missing -= count;
    };
    await Promise.all(accounts.map((account) => appendEvents(seeded, account, onAppended, signal)));
  } finally {
    clearInterval(show);
  }
}
