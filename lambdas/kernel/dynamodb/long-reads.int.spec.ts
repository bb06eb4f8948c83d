import { type AttributeValue, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import { type Commit, lastVersionOf, type StreamName } from '../commit.ts';
import { sealed } from '../commit-hash.ts';
import { commitAt, newStream } from '../testing/commits.fixture.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { toItem } from './commit-item.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { queryPage } from './query-page.ts';

let dynamodb: TestDynamoDB;
let log: DynamoDBEventLog;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
  log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, simulatedEffects());
});
afterAll(() => dynamodb.stop());

/** A chain of commits with 1 to 3 events each. */
function chainOf(stream: StreamName, count: number): Commit[] {
  const commits: Commit[] = [];
  for (let index = 0; index < count; index += 1) {
    const last = commits.at(-1);
    const version = last === undefined ? 1 : lastVersionOf(last) + 1;
    commits.push(sealed(commitAt(stream, version, 1 + (index % 3)), last?.hash));
  }
  return commits;
}

const readAll = async (stream: StreamName, fromVersion?: number) =>
  (await Array.fromAsync(log.read(stream, fromVersion === undefined ? {} : { fromVersion }))).flat();

describe('a long stream', () => {
  const stream = newStream();
  const commits = chainOf(stream, 900);
  beforeAll(async () => {
    for (const commit of commits) await log.append([commit]);
  });

  it('is read whole and in order, from the start and from the middle', async () => {
    expect(await readAll(stream)).toStrictEqual(commits);
    const middle = commits[333] ?? fail();
    expect(await readAll(stream, middle.version)).toStrictEqual(commits.slice(333));
  });

  it('can be left early and read again', async () => {
    for await (const page of log.read(stream)) {
      expect(page[0]).toStrictEqual(commits[0]);
      break;
    }
    expect(await readAll(stream)).toHaveLength(commits.length);
  });

  it('shows a commit that was changed by hand, wherever it is', async () => {
    const changed = commits[700] ?? fail();
    const put = (item: Record<string, AttributeValue>) =>
      dynamodb.client.send(new PutItemCommand({ TableName: tables.eventLog.name, Item: item }));
    const item = toItem(changed, tables.eventLog);
    await put({ ...item, answer: { S: '{"balance":1}' } });
    await expect(readAll(stream)).rejects.toThrow(`at version ${changed.version} does not fit its hash`);
    await put(item);
    expect(await readAll(stream)).toHaveLength(commits.length);
  });
});

it('a stream that grows while it is read has no gap', async () => {
  const stream = newStream();
  const commits = chainOf(stream, 600);
  for (const commit of commits.slice(0, 200)) await log.append([commit]);
  const writing = (async () => {
    for (const commit of commits.slice(200)) await log.append([commit]);
    return true as const;
  })();
  let isWritten = false;
  writing.then(
    () => {
      isWritten = true;
    },
    () => undefined,
  );
  let known = 200;
  while (!isWritten) {
    const read = await readAll(stream);
    expect(read.length).toBeGreaterThanOrEqual(known);
    expect(read.at(-1)).toStrictEqual(commits[read.length - 1]);
    known = read.length;
  }
  await writing;
  expect(await readAll(stream)).toStrictEqual(commits);
});

describe('a page without the deserializer of the SDK', () => {
  const others: Record<string, AttributeValue> = {
    binary: { B: Buffer.from([0, 255, 128]) },
    binaries: { BS: [Buffer.from('a'), Buffer.from('b')] },
    nothing: { NULL: true },
    yes: { BOOL: true },
    number: { N: '12345678901234567890.123' },
    numbers: { NS: ['1', '2'] },
    texts: { SS: ['a', 'b'] },
    list: { L: [{ S: 'a' }, { N: '1' }, { NULL: true }] },
    map: { M: { inner: { M: { B: { S: 'x' } } }, B: { B: Buffer.from('y') } } },
    text: { S: '"quoted" \\ \u0000 \u2028 Zażółć 🐟 \u{10ffff}' },
    empty: { S: '' },
    __proto__name: { S: 'x' },
  };

  it('has the same texts and numbers as with it', async () => {
    const stream = newStream();
    const item = { ...toItem(commitAt(stream, 1), tables.eventLog), ...others };
    await dynamodb.client.send(new PutItemCommand({ TableName: tables.eventLog.name, Item: item }));
    const query = {
      TableName: tables.eventLog.name,
      ConsistentRead: true,
      KeyConditionExpression: '#stream = :stream',
      ExpressionAttributeNames: { '#stream': tables.eventLog.partitionKey },
      ExpressionAttributeValues: { ':stream': { S: stream } },
    };
    const { Items = [] } = await dynamodb.client.send(new QueryCommand(query));
    const { items } = await queryPage(dynamodb.client, query);
    const plain = (each: object) =>
      Object.entries(each)
        .map(([name, { S, N }]) => [name, S, N])
        .sort();
    expect(items.map(plain)).toEqual(Items.map(plain));
    expect(items[0]?.['text']).toEqual(others['text']);
  });

  it('is read as a commit although its item has attributes of other types', async () => {
    const stream = newStream();
    const commit = sealed(commitAt(stream, 1), undefined);
    const item = { ...toItem(commit, tables.eventLog), ...others };
    await dynamodb.client.send(new PutItemCommand({ TableName: tables.eventLog.name, Item: item }));
    expect(await readAll(stream)).toStrictEqual([commit]);
  });

  it.each<[string, AttributeValue]>([
    ['binary', { B: Buffer.from('[]') }],
    ['null', { NULL: true }],
    ['a list', { L: [] }],
    ['a number', { N: '1' }],
  ])('is not read as a commit if the events are %s', async (_name, events) => {
    const stream = newStream();
    const item = { ...toItem(commitAt(stream, 1), tables.eventLog), events };
    await dynamodb.client.send(new PutItemCommand({ TableName: tables.eventLog.name, Item: item }));
    await expect(readAll(stream)).rejects.toMatchObject({ code: 'unreadable-event' });
  });
});

function fail(): never {
  throw new Error('There is no such commit.');
}
