import * as sdk from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../support/test-dynamodb.ts';
import { directClient } from './direct-client.ts';
import { stackTables } from './engine-tables.ts';
import { type RandomCall, randomCalls } from './random-calls.ts';
import { SimulatedDynamoDB } from './simulated-dynamodb.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

type Client = sdk.DynamoDBClient;
type Output = Record<string, unknown>;
type Item = Record<string, sdk.AttributeValue>;

async function send(client: Client, operation: string, input: object): Promise<Output> {
  const Command = (sdk as unknown as Record<string, new (input: object) => sdk.QueryCommand>)[
    `${operation}Command`
  ];
  if (Command === undefined) throw new Error(`There is no operation ${operation}.`);
  return (await client.send(new Command(input))) as unknown as Output;
}

/** All pages of all segments of a scan as one output, because every service has an order of its own. */
async function scanned(client: Client, input: RandomCall['input']): Promise<Output> {
  const total = input['TotalSegments'];
  const items: unknown[] = [];
  let pages = 0;
  for (let segment = 0; segment < ((total as number | undefined) ?? 1); segment += 1) {
    let page: Output = {};
    do {
      const place = {
        ExclusiveStartKey: page['LastEvaluatedKey'],
        ...(total !== undefined && { Segment: segment }),
      };
      page = await send(client, 'Scan', { ...input, ...place });
      items.push(...(page['Items'] as unknown[]));
      pages += 1;
      if (pages > 200) throw new Error(`A scan has no end: ${JSON.stringify(input)}`);
    } while (page['LastEvaluatedKey'] !== undefined);
  }
  return { Items: sorted(items) };
}

/** All pages of a query. */
async function queried(client: Client, input: RandomCall['input']): Promise<Output[]> {
  const pages: Output[] = [];
  let page: Output = {};
  do {
    page = await send(client, 'Query', { ...input, ExclusiveStartKey: page['LastEvaluatedKey'] });
    pages.push(page);
    if (pages.length > 200) throw new Error(`A query has no end: ${JSON.stringify(input)}`);
  } while (page['LastEvaluatedKey'] !== undefined);
  return pages;
}

const sorted = (items: unknown) => (items as unknown[]).map((item) => JSON.stringify(plain(item))).sort();

/** Without `$metadata`, in the order of names, and with bytes as text. */
function plain(output: unknown): unknown {
  if (output instanceof Uint8Array) return Buffer.from(output).toString('hex');
  if (Array.isArray(output)) return output.map(plain);
  if (typeof output !== 'object' || output === null) return output;
  const members = Object.entries(output).filter(([name, one]) => name !== '$metadata' && one !== undefined);
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, plain(one)]),
  );
}

async function answer(client: Client, { operation, input }: RandomCall): Promise<unknown> {
  try {
    if (operation === 'Query') return plain(await queried(client, input));
    const output = operation === 'Scan' ? await scanned(client, input) : await send(client, operation, input);
    const { Responses } = output as { Responses?: Record<string, unknown[]> };
    if (Responses === undefined) return plain(output);
    return plain(Object.fromEntries(Object.entries(Responses).map(([name, items]) => [name, sorted(items)])));
  } catch (error) {
    const { name, Item, CancellationReasons } = error as sdk.TransactionCanceledException & { Item?: Item };
    if (!(error instanceof sdk.DynamoDBServiceException)) throw error;
    return plain({
      name,
      Item,
      CancellationReasons: CancellationReasons?.map(({ Code, Item }) => ({ Code, Item })),
    });
  }
}

/** Deletes what an earlier run has left in the engine. */
async function clear(): Promise<void> {
  for (const { name, partitionKey, sortKey } of stackTables) {
    const { Items = [] } = await dynamodb.client.send(new sdk.ScanCommand({ TableName: name }));
    for (const item of Items) {
      const names = [partitionKey, ...(sortKey ? [sortKey.name] : [])];
      const Key = Object.fromEntries(names.map((key) => [key, item[key]])) as Item;
      await dynamodb.client.send(new sdk.DeleteItemCommand({ TableName: name, Key }));
    }
  }
}

/**
 * The engine of the tests accepts much that DynamoDB refuses. The calls leave that out, and `simulated-dynamodb.spec.ts` has it.
 */
it('a simulated DynamoDB answers as the engine does', async () => {
  await fc.assert(
    fc.asyncProperty(randomCalls, async (calls) => {
      await clear();
      let nowMs = 0;
      const service = new SimulatedDynamoDB(stackTables);
      const simulated = directClient(service, () => {
        nowMs += 1;
        return { nowMs, staleMs: () => 0 };
      });
      for (const call of calls) {
        const expected = await answer(dynamodb.client, call);
        expect({ call, answer: await answer(simulated, call) }).toEqual({ call, answer: expected });
      }
      expect(service.items(tables.readModel.name).length).toBeLessThanOrEqual(21);
    }),
    { numRuns: 60 },
  );
}, 120_000);
