import { type AttributeValue, DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import { CommitClock } from '../commit-clock.ts';
import { initialGenerations } from '../generations.ts';
import { commitAt, newStream } from '../testing/commits.fixture.ts';
import { counterHandler } from '../testing/counter-handler.fixture.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { describeDynamoDBAdapters } from './dynamodb-adapters.contract.ts';
import { DynamoDBControl } from './dynamodb-control.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { DynamoDBGenerations } from './dynamodb-generations.ts';
import { DynamoDBSnapshotStore } from './dynamodb-snapshot-store.ts';
import { measureClock } from './measure-clock.ts';

const effects = simulatedEffects();

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describeDynamoDBAdapters('DynamoDB', () => dynamodb.client);

describe('the DynamoDB event log', () => {
  it('recognises an append that succeeded although its response was lost', async () => {
    const handler = new LosingResponses();
    const client = new DynamoDBClient({
      endpoint: dynamodb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: handler,
    });
    const log = new DynamoDBEventLog(client, tables.eventLog, effects);
    const [one, two] = [newStream(), newStream()];
    handler.toLose = 1;
    expect(await log.append([commitAt(one, 1)])).toBe('appended');
    handler.toLose = 1;
    expect(await log.append([commitAt(one, 2), commitAt(two, 1)])).toBe('appended');
    expect(handler.toLose).toBe(0);
    expect((await Array.fromAsync(log.read(one))).flat()).toHaveLength(2);
    client.destroy();
  });

  it('lets a clock learn from the answers of the engine', async () => {
    const now = () => new Date().toISOString();
    const clock = new CommitClock({ now, delay: async () => undefined });
    const { client } = dynamodb;
    measureClock(client, clock, { now });
    await new DynamoDBEventLog(client, tables.eventLog, { ...simulatedEffects(), now }).append([
      commitAt(newStream(), 1),
    ]);
    // The engine has the clock of this machine.
    expect(clock.offset?.lowestMs).toBeLessThanOrEqual(0);
    expect(clock.offset?.highestMs).toBeGreaterThanOrEqual(0);
    client.middlewareStack.remove('measureClock');
  });

  it('stores a commit as one item with the attributes that the design names', async () => {
    const stream = newStream();
    await new DynamoDBEventLog(dynamodb.client, tables.eventLog, effects).append([commitAt(stream, 1, 2)]);
    const { Items = [] } = await dynamodb.client.send(
      new QueryCommand({
        TableName: tables.eventLog.name,
        KeyConditionExpression: '#stream = :stream',
        ExpressionAttributeNames: { '#stream': 'stream' },
        ExpressionAttributeValues: { ':stream': { S: stream } },
      }),
    );
    expect(Items).toHaveLength(1);
    expect(Items[0]).toMatchObject({ stream: { S: stream }, version: { N: '1' }, count: { N: '2' } });
    expect(JSON.parse(Items[0]?.['events']?.S ?? '')).toHaveLength(2);
  });
});

describe('a damaged snapshot on DynamoDB', () => {
  const damages: readonly [string, Record<string, AttributeValue>][] = [
    ['whose state is not JSON', { state: { S: '{' } }],
    ['whose state has another shape', { state: { S: '{"sum":2}' } }],
    ['whose version is no number', { version: { S: 'two' } }],
    ['whose state version is no number', { stateVersion: { S: 'one' } }],
    ['whose version is after the end of the log', { version: { N: '99' } }],
    ['whose commands are torn', { commands: { B: Buffer.alloc(15) } }],
    ['whose commands are text', { commands: { S: 'x' } }],
  ];

  it.each(damages)('%s fails no command and is replaced', async (_name, damage) => {
    const log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, effects);
    const snapshots = new DynamoDBSnapshotStore(dynamodb.client, tables.snapshots);
    const options = { log, snapshots, snapshotThreshold: 2 };
    const id = newStream().slice('test/'.length);
    const { add } = counterHandler(options);
    await add(id, 1);
    await add(id, 1);
    const { version, stateVersion, state, committedAt, commands } =
      (await snapshots.load(`counter/${id}`)) ?? fail('No snapshot was taken.');
    const item = {
      [tables.snapshots.partitionKey]: { S: `counter/${id}` },
      version: { N: String(version) },
      stateVersion: { N: String(stateVersion) },
      state: { S: JSON.stringify(state) },
      committedAt: { S: committedAt },
      commands: { B: commands },
      ...damage,
    };
    await dynamodb.client.send(new PutItemCommand({ TableName: tables.snapshots.name, Item: item }));
    const warnings: string[] = [];
    expect(await counterHandler({ ...options, warnings }).add(id, 1)).toMatchObject({
      version: 3,
      answer: { total: 3 },
    });
    expect(warnings).toHaveLength(1);
    expect(await snapshots.load(`counter/${id}`)).toMatchObject({ version: 3, state: { total: 3 } });
  });
});

function fail(message: string): never {
  throw new Error(message);
}

describe('generations on DynamoDB', () => {
  it('recognise a change that succeeded although its response was lost', async () => {
    const handler = new LosingResponses();
    const client = new DynamoDBClient({
      endpoint: dynamodb.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: handler,
    });
    const store = new DynamoDBGenerations(client, tables.control);
    const states = [2, 3].map((last) => ({ ...initialGenerations, last, active: `g${last}` }));
    for (const to of states) {
      const from = await store.read('lost');
      handler.toLose = 1;
      expect(await store.change('lost', from, to)).toMatchObject({ outcome: 'changed' });
    }
    expect(handler.toLose).toBe(0);
    expect(await store.read('lost')).toEqual({ revision: 2, last: 3, active: 'g3' });
    client.destroy();
  });
});

describe('the control table on DynamoDB', () => {
  it('creates a shared secret once', async () => {
    const control = new DynamoDBControl(dynamodb.client, tables.control);
    let made = 0;
    const make = () => {
      made += 1;
      return Buffer.alloc(32, made);
    };
    const secrets = await Promise.all(Array.from({ length: 5 }, () => control.sharedSecret('key', make)));
    expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1);
    const before = made;
    await control.sharedSecret('key', make);
    expect(made).toBe(before);
  });

  it('reads the notes of earlier versions, and moves on from them', async () => {
    const control = new DynamoDBControl(dynamodb.client, tables.control);
    const { name: TableName, partitionKey } = tables.control;
    const at = (shardId: string, sequenceNumber: string) => ({
      shardId,
      sequenceNumber,
      committedAt: '2026-01-02T03:04:05.678Z',
    });
    const read = async () =>
      (await control.read('earlier')).sort((a, b) => a.shardId.localeCompare(b.shardId));
    const Item = {
      [partitionKey]: { S: 'progress/earlier' },
      'shardId-0': { S: '200 2026-01-02T03:04:05.678Z' },
      'shardId-1': { S: '9 2026-01-02T03:04:05.678Z' },
    };
    await dynamodb.client.send(new PutItemCommand({ TableName, Item }));
    expect(await read()).toEqual([at('shardId-0', '200'), at('shardId-1', '9')]);
    await control.note('earlier', [at('shardId-0', '100'), at('shardId-1', '10')]);
    expect(await read()).toEqual([at('shardId-0', '200'), at('shardId-1', '10')]);
    await control.note('earlier', [at('shardId-0', '1000')]);
    expect(await read()).toEqual([at('shardId-0', '1000'), at('shardId-1', '10')]);
  });
});

/** Sends the next requests and discards their responses. The SDK then sends them again. */
class LosingResponses extends NodeHttpHandler {
  toLose = 0;

  override async handle(
    ...args: Parameters<NodeHttpHandler['handle']>
  ): ReturnType<NodeHttpHandler['handle']> {
    const response = await super.handle(...args);
    if (this.toLose === 0) return response;
    this.toLose -= 1;
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  }
}
