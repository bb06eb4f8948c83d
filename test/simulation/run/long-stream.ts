import { ledgerContext } from '../../../lambdas/contexts/ledger/context.ts';
import {
  commandIdOfKey,
  defaultTenant,
  type Effects,
  silentObserver,
} from '../../../lambdas/kernel/index.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import type { Operation, PersonCommand } from '../history.ts';
import type { Item } from '../services/dynamodb/definitions.ts';
import { directClient } from '../services/dynamodb/direct-client.ts';
import { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import { ledgerTargets } from '../system/commands.ts';
import { environmentOf, eventLogName, simulatedTables } from '../system/tables.ts';
import { Random } from '../world/random.ts';
import { startMs } from '../world/world.ts';
import { longStreamId } from './planning/accounts.ts';

/** The most events that a plan begins with. */
const maxEvents = 2_100;
/** The stream begins this long before a history, in ms: longer than its commands take, shorter than records are kept. */
const earlierMs = 3_600_000;

/** A stream that exists before a history begins: the items of its commits, and the commands that made them. */
export interface LongStream {
  readonly items: readonly Item[];
  readonly operations: readonly Operation[];
}

let made: Promise<readonly (readonly [Item, Operation])[]> | undefined;

/** The long stream with at most this many events. It is made once for all histories. */
export async function longStream(events: number): Promise<LongStream> {
  if (events === 0) return { items: [], operations: [] };
  made ??= makeStream();
  // The first commit has two events.
  const own = (await made).slice(0, events - 1);
  return { items: own.map(([item]) => item), operations: own.map(([, operation]) => operation) };
}

/** Credits of 1.00, each a commit, once a second, in the hour before the histories begin. */
async function makeStream(): Promise<readonly (readonly [Item, Operation])[]> {
  const dynamodb = new SimulatedDynamoDB(simulatedTables);
  const clock = { nowMs: startMs - earlierMs };
  const client = directClient(dynamodb, () => ({ nowMs: clock.nowMs, staleMs: () => 0 }));
  const effects = fixedEffects(clock);
  const platform: build.Platform = {
    client,
    env: environmentOf({ snapshotThreshold: 10 * maxEvents, projectorsPerShard: 1 }),
    effects,
  };
  const handler = build.commandHandler(ledgerContext, build.commandSide(platform, silentObserver));
  const operations: Operation[] = [];
  for (let number = 1; number < maxEvents; number += 1) {
    clock.nowMs += 1_000;
    const command: PersonCommand = { context: 'ledger', do: 'credit', id: longStreamId, amount: '1.00' };
    const key = `before ${number}`;
    const commandId = commandIdOfKey({ tenant: defaultTenant, caller: undefined }, key);
    const request = { commandId, intent: command, now: effects.now(), correlationId: effects.newId() };
    const result = await handler.handle(ledgerTargets(command, commandId), request);
    if (result.outcome !== 'committed') throw new Error('A credit before the history was not committed.');
    const { version, created, answer } = result;
    const body = { ...answer };
    const changed = { outcome: 'changed', repeated: false, version, created, body } as const;
    const attempts = [{ sentMs: clock.nowMs, endedMs: clock.nowMs, answer: changed }];
    operations.push({ who: 'somebody earlier', command, key, commandId, attempts });
  }
  const items = dynamodb.items(eventLogName);
  return items.map((item, index) => [item, operations[index] as Operation] as const);
}

function fixedEffects(clock: { readonly nowMs: number }): Effects {
  const random = new Random(0, 'long stream');
  return {
    now: () => new Date(clock.nowMs).toISOString(),
    delay: async () => undefined,
    timeLimit: () => new AbortController().signal,
    random: random.next,
    newId: () => random.uuid(clock.nowMs),
  };
}
