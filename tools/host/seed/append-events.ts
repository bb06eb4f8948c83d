import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { toItem } from '../../../lambdas/kernel/dynamodb/index.ts';
import type { Commit, EventLog } from '../../../lambdas/kernel/index.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import { commitUpTo } from '../../projections/log/log-reader.ts';
import { UserError } from '../user-error.ts';
import { emptyStream, nextCommit, type StreamEnd, type StressAccount, stressStream } from './stress.ts';

/** DynamoDB's limit. */
const commitsPerTransaction = 100;

/** The log that an account is written to. */
export interface SeededLog {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly log: Pick<EventLog, 'readCommit'>;
  readonly now: () => string;
}

/**
 * Appends the events that an account lacks, a hundred commits in one transaction: all of them or none, so a
 * killed start leaves no gap, and the next one continues after the last commit.
 * @param onAppended called with the number of new events
 * @throws {UserError} when the account is closed, or when somebody else writes to it at the same time.
 */
export async function appendEvents(
  seeded: SeededLog,
  account: StressAccount,
  onAppended: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { id, events } = account;
  let end = await endOf(seeded, id);
  while (end.version < events && !signal.aborted) {
    const { version } = end;
    const commits: Commit[] = [];
    while (commits.length < commitsPerTransaction && end.version < events) {
      const next = nextCommit(account, end, seeded.now());
      commits.push(next.commit);
      end = next.end;
    }
    await appendAtOnce(seeded, id, commits);
    onAppended(end.version - version);
  }
}

async function appendAtOnce(
  { client, table }: SeededLog,
  id: string,
  commits: readonly Commit[],
): Promise<void> {
  const puts = commits.map((commit) => ({
    Put: {
      TableName: table,
      Item: toItem(commit, eventLogTable),
      ConditionExpression: 'attribute_not_exists(#stream)',
      ExpressionAttributeNames: { '#stream': eventLogTable.partitionKey },
    },
  }));
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    throw new UserError(
      `Somebody else writes to the account ${id} while it is seeded. Start again: the seed continues.`,
    );
  }
}

/** Where the stream of an account stands. */
export async function endOf(seeded: SeededLog, id: string): Promise<StreamEnd> {
  const stream = stressStream(id);
  const item = await commitUpTo(seeded.client, seeded.table, stream, Number.MAX_SAFE_INTEGER);
  if (item === undefined) return emptyStream;
  const commit = await seeded.log.readCommit(stream, Number(item['version']?.N));
  if (commit === undefined) throw new Error(`The last commit of ${stream} is gone.`);
  if (commit.events.some(({ type }) => type === 'Ledger:Closed')) {
    throw new UserError(`The account ${id} is closed, so it cannot be seeded: use an empty folder.`);
  }
  return {
    version: commit.version + commit.events.length - 1,
    hash: commit.hash,
    committedAt: commit.committedAt,
    balance: Math.round(Number(JSON.parse(commit.answer).balance) * 100),
  };
}
