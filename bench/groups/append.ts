import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import { toItem } from '../../lambdas/kernel/dynamodb/index.ts';
import {
  CommandHandler,
  type Commit,
  commandIdOfKey,
  defaultTenant,
  type StreamName,
  streamName,
} from '../../lambdas/kernel/index.ts';
import { tables } from '../../test/support/test-dynamodb.ts';
import { commitOf } from '../data/account-commits.ts';
import { movement } from '../data/account-events.ts';
import type { Contender, Repetitions } from '../measure/in-turns.ts';
import { measure, type Result, type Row } from '../measure/row.ts';
import type { World } from '../world.ts';

type Item = Record<string, AttributeValue>;

const { name: tableName, partitionKey, sortKey } = tables.eventLog;

/** Appends, each beside the bare call that DynamoDB needs at least, with an item of the same size. */
export async function appendRows(world: World, repetitions: Repetitions): Promise<Row[]> {
  world.say('append: one event, ten events, transfers, commands');
  const rows: Row[] = [];
  for (const [what, events, contenders] of [
    ['append of one event', 1, [appendOf(world, 1), barePut(world, 1), ...castorePush(world)]],
    ['append of ten events', 10, [appendOf(world, 10), barePut(world, 10)]],
    ['append of a transfer', 2, [appendOfTransfer(world), bareTransaction(world)]],
    ['command with a key', 1, [keyedCommand(world), bareReadAndPut(world)]],
  ] as const) {
    const [ours, ...others] = (await measure(world, contenders, repetitions)) as [Result, ...Result[]];
    for (const beside of others) rows.push({ group: 'append', what, events, ours, beside, compared: 'time' });
  }
  return rows;
}

/** The commit after the first of a new account. */
function secondCommit(events: number, stream = newStream()): Commit {
  const movements = Array.from({ length: events }, (_, index) => movement(index + 2));
  const context = { committedAt: new Date().toISOString(), answer: { balance: '123.45', currency: 'USD' } };
  return commitOf(stream, 2, movements, { ...context, hash: 'h'.repeat(43) });
}

function newStream(): StreamName {
  return streamName(ledgerContext.decider.category, randomUUID());
}

function appendOf({ side }: World, events: number): Contender {
  return { name: 'append', run: () => appended(side.log.append([secondCommit(events)])) };
}

function appendOfTransfer({ side }: World): Contender {
  return { name: 'append', run: () => appended(side.log.append([secondCommit(1), secondCommit(1)])) };
}

async function appended(appending: Promise<string>): Promise<void> {
  const result = await appending;
  if (result !== 'appended') throw new Error(`A measured append resulted in ${result}.`);
}

/** Puts with the log's condition. The item is ready, and only its key is new. */
function barePutOf(template: Item) {
  return {
    TableName: tableName,
    Item: { ...template, [partitionKey]: { S: newStream() } },
    ConditionExpression: 'attribute_not_exists(#stream)',
    ExpressionAttributeNames: { '#stream': partitionKey },
  };
}

function barePut({ client }: World, events: number): Contender {
  const template = toItem(secondCommit(events), tables.eventLog);
  return { name: 'bare conditional put', run: () => client.send(new PutItemCommand(barePutOf(template))) };
}

function bareTransaction({ client }: World): Contender {
  const template = toItem(secondCommit(1), tables.eventLog);
  const run = () => {
    const TransactItems = [{ Put: barePutOf(template) }, { Put: barePutOf(template) }];
    return client.send(new TransactWriteItemsCommand({ TransactItems }));
  };
  return { name: 'bare transaction of two puts', run };
}

/** Every command reads what is new before it decides: here nothing, because the account is in memory. */
function keyedCommand({ side }: World): Contender {
  const handler = new CommandHandler({ ...side, ...ledgerContext });
  const id = randomUUID();
  const owner = { tenant: defaultTenant, caller: 'bench' };
  const run = async () => {
    const commandId = commandIdOfKey(owner, randomUUID());
    const command = { type: 'Credit', amount: '10' } as const;
    const context = { now: new Date().toISOString(), correlationId: randomUUID(), actor: 'bench' };
    const result = await handler.handle([{ id, command }], { commandId, intent: command, ...context });
    if (result.outcome !== 'committed') throw new Error(`A measured command was ${result.outcome}.`);
  };
  return { name: 'command', run };
}

/** The two calls of a command: a consistent read of one stream from a version on, and the put. */
function bareReadAndPut({ client }: World): Contender {
  const template = toItem(secondCommit(1), tables.eventLog);
  const run = async () => {
    await client.send(
      new QueryCommand({
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: '#stream = :stream AND #version >= :from',
        ExpressionAttributeNames: { '#stream': partitionKey, '#version': sortKey },
        ExpressionAttributeValues: { ':stream': { S: newStream() }, ':from': { N: '2' } },
      }),
    );
    await client.send(new PutItemCommand(barePutOf(template)));
  };
  return { name: 'bare query and conditional put', run };
}

function castorePush({ castore }: World): Contender[] {
  if (castore === undefined) return [];
  const { type, data } = movement(2);
  const run = () => castore.store.pushEvent({ aggregateId: randomUUID(), version: 2, type, payload: data });
  return [{ name: 'Castore pushEvent', run }];
}
