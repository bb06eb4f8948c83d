import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import type { LedgerCommand } from '../../lambdas/contexts/ledger/domain/account.ts';
import { toItem } from '../../lambdas/kernel/dynamodb/index.ts';
import { CommandHandler, type Commit, commandIdWithoutKey, streamName } from '../../lambdas/kernel/index.ts';
import { tables } from '../../test/support/test-dynamodb.ts';
import type { World } from '../world.ts';
import { accountCommits } from './account-commits.ts';
import { accountEvents, movement } from './account-events.ts';
import { type Written, writeItems } from './write-items.ts';

/** What the events of an account take in the tables. */
export interface SeededAccount {
  readonly log: Written;
  /** Undefined without Castore. */
  readonly castore: Written | undefined;
}

/**
 * Writes an account of `events` events, at least 2, each a commit of its own, and the same events for Castore. The last is a real command on both
 * sides: the command handler takes a snapshot after it. The others are written as items that are the same as if they had been appended.
 */
export async function seedAccount(world: World, id: string, events: number): Promise<SeededAccount> {
  const { client, castore } = world;
  const stream = streamName(ledgerContext.decider.category, id);
  const commits = () =>
    accountCommits(stream, accountEvents(events - 1), { count: events, eventsPerCommit: 1 });
  const log = await writeItems(client, tables.eventLog.name, logItems(commits()));
  const theirs =
    castore && (await writeItems(client, castore.tableName, castoreItems(castore, id, commits())));
  await lastCommand(world, id, events);
  return { log, castore: theirs };
}

function* logItems(commits: Iterable<Commit>) {
  for (const commit of commits) yield toItem(commit, tables.eventLog);
}

function* castoreItems({ itemOf }: NonNullable<World['castore']>, id: string, commits: Iterable<Commit>) {
  for (const { version, events, committedAt } of commits) {
    for (const [index, { type, data }] of events.entries())
      yield itemOf(id, version + index, { type, data }, committedAt);
  }
}

async function lastCommand({ side, castore }: World, id: string, version: number): Promise<void> {
  const { type, data } = movement(version);
  const amount = (data.amount / 100).toFixed(2).replace(/\.?0+$/, '');
  const command: LedgerCommand = { type: type === 'Ledger:Debited' ? 'Debit' : 'Credit', amount };
  const now = new Date().toISOString();
  const request = { commandId: commandIdWithoutKey(id), intent: command, now, correlationId: id };
  const handler = new CommandHandler({ ...side, ...ledgerContext, snapshotThreshold: 1 });
  const result = await handler.handle([{ id, command }], request);
  if (result.outcome !== 'committed') throw new Error(`The last command of ${id} was ${result.outcome}.`);
  await castore?.store.pushEvent({ aggregateId: id, version, type, payload: data });
}

/** Events of a short account. */
export const shortAccountEvents = 100;

/** Writes accounts of {@link shortAccountEvents} events, one a commit, to the log alone. */
export async function seedShortAccounts(
  { client }: Pick<World, 'client'>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await writeItems(client, tables.eventLog.name, shortAccountItems(from, to));
}

function* shortAccountItems(from: number, to: number) {
  const shape = { count: shortAccountEvents, eventsPerCommit: 1 };
  for (let account = from; account < to; account += 1) {
    const stream = streamName(ledgerContext.decider.category, `rebuild-${account}`);
    yield* logItems(accountCommits(stream, accountEvents(shortAccountEvents), shape));
  }
}
