import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB } from '../../../../test/support/test-dynamodb.ts';
import { AwsError } from '../../aws-error.ts';
import { type AwsClient, awsClient } from '../../aws-json.ts';
import { migrateTable } from './migrate-table.ts';
import type { TableDefinition } from './table-definition.ts';

const { testEngine } = globalThis as { testEngine?: 'dynamodb-local' };
const onDynoxide = testEngine === undefined ? it : it.skip;
const rows = 60;
const views = { images: 'NEW_IMAGE', both: 'NEW_AND_OLD_IMAGES' } as const;

/** A table with these lists: `name: [partition key, sort key]`. */
function tableWith(lists: Record<string, [string, string]>, StreamViewType?: string): TableDefinition {
  const keys = (names: readonly string[]) =>
    names.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' }));
  const used = new Set(['pk', ...Object.values(lists).flat()]);
  return {
    AttributeDefinitions: [...used].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys(['pk']),
    ...(StreamViewType && { StreamSpecification: { StreamViewType } }),
    ...(Object.keys(lists).length > 0 && {
      GlobalSecondaryIndexes: Object.entries(lists).map(([IndexName, names]) => ({
        IndexName,
        KeySchema: keys(names),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  };
}

describe('the lists of a table from an earlier start', () => {
  let engine: TestDynamoDB;
  let dynamodb: AwsClient;
  let tableName: string;
  let said: string[];
  let count = 0;

  beforeAll(async () => {
    engine = await startTestDynamoDB();
    dynamodb = awsClient(engine.endpoint, 'dynamodb');
  });
  afterAll(() => engine.stop());
  beforeEach(() => {
    tableName = `migrated-${count++}`;
    said = [];
  });

  const migrate = (wanted: TableDefinition, client = dynamodb) =>
    migrateTable({ dynamodb: client, tableName, say: (line) => said.push(line) }, wanted);

  /** Every second row is in the lists by name, every third in those by size. */
  async function create(table: TableDefinition): Promise<void> {
    const { StreamSpecification: stream } = table;
    await dynamodb.call('CreateTable', {
      ...table,
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      ...(stream && { StreamSpecification: { StreamEnabled: true, ...stream } }),
    });
    for (let row = 0; row < rows; row += 1) {
      const text = String(row).padStart(3, '0');
      const byName = row % 2 === 0 && { nameShard: { S: 'all' }, nameKey: { S: `n${text}` } };
      const bySize = row % 3 === 0 && { sizeShard: { S: 'all' }, sizeKey: { S: `s${text}` } };
      await dynamodb.call('PutItem', {
        TableName: tableName,
        Item: { pk: { S: text }, ...byName, ...bySize },
      });
    }
  }

  async function list(IndexName: string, partitionKey: string): Promise<string[]> {
    const { Items } = await dynamodb.call<{ Items: { pk: { S: string } }[] }>('Query', {
      TableName: tableName,
      IndexName,
      KeyConditionExpression: '#key = :all',
      ExpressionAttributeNames: { '#key': partitionKey },
      ExpressionAttributeValues: { ':all': { S: 'all' } },
    });
    return Items.map(({ pk }) => pk.S);
  }

  const every = (step: number) =>
    Array.from({ length: rows / step }, (_, at) => String(at * step).padStart(3, '0'));
  const byName: [string, string] = ['nameShard', 'nameKey'];
  const bySize: [string, string] = ['sizeShard', 'sizeKey'];

  it('are added with the rows that have their keys', async () => {
    await create(tableWith({}));
    await migrate(tableWith({ byName, bySize }));
    expect(await list('byName', 'nameShard')).toEqual(every(2));
    expect(await list('bySize', 'sizeShard')).toEqual(every(3));
    expect(said).toHaveLength(2);
  });

  it('are removed', async () => {
    await create(tableWith({ gone: byName }));
    expect((await migrate(tableWith({}))).GlobalSecondaryIndexes ?? []).toEqual([]);
  });

  // DynamoDB Local does not finish deleting an index of a table that has another.
  onDynoxide('are removed, and made again when their keys differ', async () => {
    await create(tableWith({ gone: byName, changed: byName, kept: bySize }));
    const { GlobalSecondaryIndexes = [] } = await migrate(tableWith({ kept: bySize, changed: bySize }));
    expect(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).sort()).toEqual(['changed', 'kept']);
    expect(await list('changed', 'sizeShard')).toEqual(every(3));
    expect(await list('kept', 'sizeShard')).toEqual(every(3));
    expect(said.filter((line) => line.includes('kept'))).toEqual([]);
  });

  it('are left alone when nothing has changed', async () => {
    const table = tableWith({ byName }, views.images);
    await create(table);
    await migrate(table);
    expect(said).toEqual([]);
  });

  it('have new rows too', async () => {
    await create(tableWith({}));
    await migrate(tableWith({ byName }));
    await dynamodb.call('PutItem', {
      TableName: tableName,
      Item: { pk: { S: 'new' }, nameShard: { S: 'all' }, nameKey: { S: 'a' } },
    });
    expect(await list('byName', 'nameShard')).toEqual(['new', ...every(2)]);
  });

  it('are complete after a start that was killed before any change', async () => {
    const before = tableWith({ changed: byName });
    const after = tableWith({ changed: bySize, byName }, views.images);
    const allChanges = 4;
    for (let changes = 0; changes <= allChanges; changes += 1) {
      tableName = `killed-${changes}`;
      await create(before);
      const outcome = migrate(after, killedAfter(dynamodb, changes));
      if (changes < allChanges) await expect(outcome).rejects.toThrow('Killed.');
      else await outcome;
      const { GlobalSecondaryIndexes = [] } = await migrate(after);
      expect(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).sort()).toEqual(['byName', 'changed']);
      expect(await list('changed', 'sizeShard')).toEqual(every(3));
      expect(await list('byName', 'nameShard')).toEqual(every(2));
    }
  });

  it('are complete although the engine fails while it is asked', async () => {
    await create(tableWith({ changed: byName }));
    let faults = 2;
    const faulty: AwsClient = {
      call: (operation, input, options) => {
        if (operation === 'DescribeTable' && faults-- > 0)
          throw new AwsError('InternalFailure', 500, 'Fault.');
        return dynamodb.call(operation, input, options);
      },
    };
    const { GlobalSecondaryIndexes = [] } = await migrate(tableWith({ bySize }), faulty);
    expect(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName)).toEqual(['bySize']);
  });

  it('are not waited for without end', async () => {
    const deleting = { ...tableWith({ gone: byName }), TableStatus: 'ACTIVE' };
    const index = { ...deleting.GlobalSecondaryIndexes?.[0], IndexStatus: 'DELETING' };
    const stuck: AwsClient = {
      call: async <Output>() => ({ Table: { ...deleting, GlobalSecondaryIndexes: [index] } }) as Output,
    };
    const migration = { dynamodb: stuck, tableName, say: () => undefined, deleteTimeoutMs: 50 };
    await expect(migrateTable(migration, tableWith({}))).rejects.toThrow(
      /does not finish deleting the index gone of migrated-\d+/,
    );
  });

  it('do not hide that the keys of the table differ', async () => {
    await create(tableWith({ byName }));
    const { KeySchema, AttributeDefinitions, ...rest } = tableWith({ bySize });
    const other = {
      ...rest,
      AttributeDefinitions: [...AttributeDefinitions, { AttributeName: 'sk', AttributeType: 'S' }],
      KeySchema: [...KeySchema, { AttributeName: 'sk', KeyType: 'RANGE' }],
    };
    await expect(migrate(other)).rejects.toThrow(
      `${tableName} exists from an earlier start with other keys: use an empty folder.`,
    );
    expect(await list('byName', 'nameShard')).toEqual(every(2));
  });

  it.each<[string | undefined, string | undefined]>([
    [undefined, views.images],
    [views.images, views.both],
    [views.images, undefined],
  ])('a stream of %s becomes one of %s', async (before, after) => {
    await create(tableWith({}, before));
    const { StreamSpecification } = await migrate(tableWith({}, after));
    expect(StreamSpecification?.StreamViewType).toBe(after);
    expect(said).toHaveLength(1);
  });
});

/** A client whose process is killed before it sends one more change than these. */
function killedAfter(dynamodb: AwsClient, changes: number): AwsClient {
  let left = changes;
  return {
    call: (operation, input, options) => {
      if (operation === 'UpdateTable' && left-- === 0) throw new Error('Killed.');
      return dynamodb.call(operation, input, options);
    },
  };
}
