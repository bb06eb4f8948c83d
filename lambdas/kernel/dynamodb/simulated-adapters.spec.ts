import { expect, it } from '@jest/globals';
import { directClient } from '../../../test/simulation/services/dynamodb/direct-client.ts';
import { stackTables, tables } from '../../../test/simulation/services/dynamodb/engine-tables.ts';
import { SimulatedDynamoDB } from '../../../test/simulation/services/dynamodb/simulated-dynamodb.ts';
import { CommitClock } from '../commit-clock.ts';
import { commitAt, newStream } from '../testing/commits.fixture.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { describeDynamoDBAdapters } from './dynamodb-adapters.contract.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { measureClock } from './measure-clock.ts';

let nowMs = Date.parse('2026-01-02T03:04:05.000Z');
const client = directClient(new SimulatedDynamoDB(stackTables), () => {
  nowMs += 1;
  return { nowMs, staleMs: () => 0 };
});

describeDynamoDBAdapters('simulated DynamoDB', () => client);

it('a clock learns from the answers of a simulated DynamoDB', async () => {
  const now = () => new Date(nowMs + 5_000).toISOString();
  const clock = new CommitClock({ now, delay: async () => undefined });
  measureClock(client, clock, { now });
  await new DynamoDBEventLog(client, tables.eventLog, { ...simulatedEffects(), now }).append([
    commitAt(newStream(), 1),
  ]);
  client.middlewareStack.remove('measureClock');
  // Times in headers have whole seconds.
  expect(clock.offset?.lowestMs).toBeGreaterThan(3_000);
  expect(clock.offset?.highestMs).toBeLessThan(7_000);
});
