import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventLogTable } from '../../schema/tables.ts';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../support/test-dynamodb.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const hostStartDeadlineMs = 120_000;

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describe('the engine that these specs run on', () => {
  it("is AWS's DynamoDB Local", async () => {
    const { headers } = await fetch(dynamodb.endpoint);
    expect(headers.get('server')).toMatch(/^Jetty/);
  });

  it('refuses reserved words', async () => {
    const key = { [eventLogTable.partitionKey]: { S: 's' }, [eventLogTable.sortKey]: { N: '1' } };
    const get = new GetItemCommand({
      TableName: tables.eventLog.name,
      Key: key,
      ProjectionExpression: 'count',
    });
    await expect(dynamodb.client.send(get)).rejects.toThrow(/reserved keyword/);
  });
});

it(
  'hosts the app, from a command over the stream to the read model, without a warning',
  async () => {
    const warnings: string[] = [];
    const host = await startTestHost({
      dynamodbUrl: dynamodb.endpoint,
      onWarning: (line) => warnings.push(line),
    });
    try {
      const account = `${host.httpUrl}/ledger/on-dynamodb-local`;
      const credit = await fetch(`${account}/credits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ amount: 34 }),
      });
      expect(credit.status).toBe(201);
      const row = await until(
        async () => (await fetch(account)).json() as Promise<{ balance?: string }>,
        ({ balance }) => balance !== undefined,
      );
      expect(row).toMatchObject({ version: 2, balance: '34.00' });
      expect(warnings).toEqual([]);
    } finally {
      await host.stop();
    }
  },
  hostStartDeadlineMs,
);
