import { DescribeTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tableNames } from '../support/test-dynamodb.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describe('the engine of this project', () => {
  it("is AWS's own", async () => {
    const { headers } = await fetch(dynamodb.endpoint);
    expect(headers.get('server')).toMatch(/^Jetty/);
  });
});
