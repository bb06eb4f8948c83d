import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../test/support/test-dynamodb.ts';
import { DynamoDBReadModel } from '../kernel/dynamodb/index.ts';
import type { Listing, ReadModel } from '../kernel/index.ts';
import { simulatedEffects } from '../kernel/testing/index.ts';

/** Starts DynamoDB for the specs of a file. Returns a function that creates a read model for a projection. Default: empty. */
export function dynamodbReadModels() {
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startTestDynamoDB();
  });
  afterAll(() => dynamodb.stop());
  return <Row, Line, List extends string>(
    projection: Listing<Row, Line, List>,
    generation: string = randomUUID(),
  ): ReadModel<Row, Line, List> =>
    new DynamoDBReadModel<Row, Line, List>(dynamodb.client, {
      table: tables.readModel,
      generation,
      projection,
      effects: simulatedEffects(),
    });
}
