import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import type { PointInTime } from '../point-in-time.ts';
import { appendCounts, sealedCounters } from '../testing/sealed-counter.fixture.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { DynamoDBSegmentStore } from './dynamodb-segment-store.ts';

type Item = Record<string, AttributeValue>;

const stream = 'counter/long';
const perCommit = 25;
const events = 16_000;
const counts = (commits: number) => Array.from({ length: commits }, () => perCommit);
const points: readonly PointInTime[] = [
  ...[1_000, 7_990, 8_000, 15_999].map((version) => ({ version })),
  { at: new Date(Date.UTC(2026, 0, 1) + 8_101_000).toISOString() },
];

describe('sealed history on DynamoDB that is deleted and damaged while it is read', () => {
  let dynamodb: TestDynamoDB;
  let log: DynamoDBEventLog;
  let counters: ReturnType<typeof sealedCounters>;
  let end: Awaited<ReturnType<typeof appendCounts>>;
  let byLog: unknown;

  beforeAll(async () => {
    dynamodb = await startTestDynamoDB();
    log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, simulatedEffects());
    counters = sealedCounters(log, new DynamoDBSegmentStore(dynamodb.client, tables.segments));
    end = await appendCounts(log, stream, counts(events / perCommit));
    await counters.seal(stream);
    byLog = (await counters.answers(stream, points, 'log')).past;
  }, 60_000);
  afterAll(() => dynamodb.stop());

  const parts = async () => {
    const { Items = [] } = await dynamodb.client.send(
      new QueryCommand({
        TableName: tables.segments.name,
        KeyConditionExpression: '#stream = :stream',
        ExpressionAttributeNames: { '#stream': tables.segments.partitionKey },
        ExpressionAttributeValues: { ':stream': { S: stream } },
      }),
    );
    return Items;
  };
  const put = (item: Item) =>
    dynamodb.client.send(new PutItemCommand({ TableName: tables.segments.name, Item: item }));
  const remove = ({ stream: name, part }: Item) =>
    dynamodb.client.send(
      new DeleteItemCommand({
        TableName: tables.segments.name,
        Key: { stream: name as AttributeValue, part: part as AttributeValue },
      }),
    );
  const isSegment = ({ part }: Item) => part?.S?.startsWith('events#') === true;
  const withoutHead = (items: readonly Item[]) => items.filter(({ part }) => part?.S !== 'head');

  /** Reads, while `harm` runs and commits are appended. Every answer is that of the log. */
  const readDuring = async (harm: () => Promise<unknown>) => {
    let isOver = false;
    const harmed = harm().finally(() => {
      isOver = true;
    });
    do {
      end = await appendCounts(log, stream, counts(2), end);
      const [{ hydrated, folded, past }, versions] = [
        await counters.answers(stream, points, 'segments'),
        end.version - 1,
      ];
      expect([hydrated.version, folded?.version]).toEqual([versions, versions]);
      expect(past).toStrictEqual(byLog);
    } while (!isOver);
    await harmed;
    const { hydrated, folded } = await counters.answers(stream, [], 'segments');
    const expected = await counters.answers(stream, [], 'log');
    expect({ hydrated, folded }).toStrictEqual({ hydrated: expected.hydrated, folded: expected.folded });
  };

  /** What is sealed now, checked and sealed again as readers have asked. */
  const mend = async () => {
    expect(counters.requests).toContainEqual({ stream, check: true });
    await counters.seal(stream, true);
    counters.warnings.length = 0;
    counters.requests.length = 0;
    await counters.answers(stream, points, 'segments');
    expect([...counters.warnings, ...counters.requests]).toEqual([]);
    return withoutHead(await parts());
  };

  it('answers without every segment, and is sealed again', async () => {
    const intact = withoutHead(await parts());
    expect(intact.filter(isSegment)).toHaveLength(events / 1_000);
    await readDuring(async () => {
      for (const item of intact) await remove(item);
    });
    expect(await mend()).toEqual(expect.arrayContaining(intact));
  }, 60_000);

  it('answers with every fifth segment damaged, and is sealed again', async () => {
    const intact = withoutHead(await parts());
    const damaged = intact.filter(isSegment).filter((_, index) => index % 5 === 4);
    expect(damaged.length).toBeGreaterThanOrEqual(3);
    await readDuring(async () => {
      for (const item of damaged) {
        const bytes = Buffer.from(item['packed']?.B ?? []);
        bytes.fill(7, Math.floor(bytes.length / 2));
        await put({ ...item, packed: { B: bytes } });
      }
    });
    expect(await mend()).toEqual(expect.arrayContaining(intact));
  }, 60_000);

  it.each<[string, Item]>([
    ['nothing', {}],
    ['a version that is higher than any, and no checksum', { version: { N: '9000000' } }],
    ['attributes of other types', { version: { S: 'torn' }, checksum: { N: '1' }, commands: { S: '' } }],
  ])(
    'answers with a head that has %s, and is sealed again',
    async (_name, attributes) => {
      const head = { stream: { S: stream }, part: { S: 'head' } };
      await put({ ...head, ...attributes });
      await readDuring(async () => undefined);
      await mend();
      const stored = (await parts()).find(({ part }) => part?.S === 'head');
      expect(Number(stored?.['version']?.N)).toBeGreaterThanOrEqual(events);
    },
    60_000,
  );

  it('answers with sealers that run at the same time, and they write the same', async () => {
    const intact = withoutHead(await parts());
    end = await appendCounts(log, stream, counts(200), end);
    await Promise.all([counters.seal(stream), counters.seal(stream, true), counters.seal(stream)]);
    const all = await parts();
    expect(withoutHead(all)).toEqual(expect.arrayContaining(intact));
    const sealedTo = Math.max(...all.filter(isSegment).map(({ version }) => Number(version?.N)));
    expect(all.find(({ part }) => part?.S === 'head')?.['version']).toEqual({ N: String(sealedTo) });
    expect(sealedTo).toBeGreaterThan(events + 4_000);
    const { hydrated } = await counters.answers(stream, [], 'segments');
    expect(hydrated).toStrictEqual((await counters.answers(stream, [], 'log')).hydrated);
  }, 60_000);
});
