import { afterAll, beforeAll } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../../test/support/test-dynamodb.ts';
import { DynamoDBEventLog, DynamoDBReadModel } from '../../../kernel/dynamodb/index.ts';
import { simulatedEffects } from '../../../kernel/testing/index.ts';
import { todoLists } from './projection.ts';
import { describeRedelivery } from './redelivery.contract.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describeRedelivery('DynamoDB', 60, async () => ({
  log: new DynamoDBEventLog(dynamodb.client, tables.eventLog, simulatedEffects()),
  readModel: new DynamoDBReadModel(dynamodb.client, {
    table: tables.readModel,
    generation: 'todo',
    projection: todoLists,
    effects: simulatedEffects(),
  }),
}));
