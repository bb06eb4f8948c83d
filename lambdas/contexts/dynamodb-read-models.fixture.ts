import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tableNames } from '../../test/support/test-dynamodb.ts';
import { DynamoDBReadModel } from '../kernel/dynamodb/index.ts';
import type { Listing, ReadModel } from '../kernel/index.ts';

/** Starts DynamoDB for the specs of a file. The result makes an empty read model for a projection, at every call. */
export function dynamodbReadModels() {
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startTestDynamoDB();
  });
  afterAll(() => dynamodb.stop());
  return <Row, Line, List extends string>(projection: Listing<Row, Line, List>): ReadModel<Row, Line, List> =>
    new DynamoDBReadModel<Row, Line, List>(dynamodb.client, tableNames.readModel, randomUUID(), projection);
}
