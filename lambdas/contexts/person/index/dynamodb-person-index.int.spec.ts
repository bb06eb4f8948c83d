import { afterAll, beforeAll } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../../test/support/test-dynamodb.ts';
import { simulatedEffects } from '../../../kernel/testing/index.ts';
import { DynamoDBPersonIndex } from './dynamodb-person-index.ts';
import { describePersonIndexContract } from './person-index.contract.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describePersonIndexContract(
  'DynamoDB',
  async () => new DynamoDBPersonIndex(dynamodb.client, tables.personIndex, simulatedEffects()),
);
