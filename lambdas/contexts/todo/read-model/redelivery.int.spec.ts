import { afterAll, beforeAll } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tableNames } from '../../../../test/support/test-dynamodb.ts';
import { DynamoDBEventLog } from '../../../kernel/dynamodb/dynamodb-event-log.ts';
import { DynamoDBReadModel } from '../../../kernel/dynamodb/dynamodb-read-model.ts';
import { todoLists } from './projection.ts';
import { describeRedelivery } from './redelivery.contract.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describeRedelivery('DynamoDB', 60, async () => ({
  log: new DynamoDBEventLog(dynamodb.client, tableNames.eventLog),
  readModel: new DynamoDBReadModel(dynamodb.client, tableNames.readModel, 'todo', todoLists),
}));
