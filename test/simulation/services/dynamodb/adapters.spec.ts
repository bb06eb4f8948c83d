import { expect, it } from '@jest/globals';
import { CommitClock } from '../../../../lambdas/kernel/commit-clock.ts';
import { DynamoDBControl } from '../../../../lambdas/kernel/dynamodb/dynamodb-control.ts';
import { DynamoDBEventLog } from '../../../../lambdas/kernel/dynamodb/dynamodb-event-log.ts';
import { DynamoDBGenerations } from '../../../../lambdas/kernel/dynamodb/dynamodb-generations.ts';
import { DynamoDBParkingLot } from '../../../../lambdas/kernel/dynamodb/dynamodb-parking-lot.ts';
import { DynamoDBReadModel } from '../../../../lambdas/kernel/dynamodb/dynamodb-read-model.ts';
import { DynamoDBSegmentStore } from '../../../../lambdas/kernel/dynamodb/dynamodb-segment-store.ts';
import { DynamoDBSnapshotStore } from '../../../../lambdas/kernel/dynamodb/dynamodb-snapshot-store.ts';
import { DynamoDBWaitingRoom } from '../../../../lambdas/kernel/dynamodb/dynamodb-waiting-room.ts';
import { measureClock } from '../../../../lambdas/kernel/dynamodb/measure-clock.ts';
import { describeBookmarksContract } from '../../../../lambdas/kernel/testing/bookmarks.contract.ts';
import {
  describeChangingLinesContract,
  type Task,
  taskProjection,
} from '../../../../lambdas/kernel/testing/changing-lines.contract.ts';
import { commitAt, newStream } from '../../../../lambdas/kernel/testing/commits.fixture.ts';
import { describeEventLogContract } from '../../../../lambdas/kernel/testing/event-log.contract.ts';
import { describeGenerationsContract } from '../../../../lambdas/kernel/testing/generations.contract.ts';
import { describeParkingLotContract } from '../../../../lambdas/kernel/testing/parking.contract.ts';
import { describeProgressContract } from '../../../../lambdas/kernel/testing/progress.contract.ts';
import {
  describeReadModelContract,
  type Line,
  type Tally,
  tallyProjection,
} from '../../../../lambdas/kernel/testing/read-model.contract.ts';
import { describeSegmentStoreContract } from '../../../../lambdas/kernel/testing/segment-store.contract.ts';
import { simulatedEffects } from '../../../../lambdas/kernel/testing/simulated-effects.ts';
import { describeSnapshotStoreContract } from '../../../../lambdas/kernel/testing/snapshot-store.contract.ts';
import { describeWaitingRoomContract } from '../../../../lambdas/kernel/testing/waiting-room.contract.ts';
import { tableDefinitions, tables } from '../../../support/test-dynamodb.ts';
import { directClient } from './direct-client.ts';
import { definedAs } from './engine-tables.ts';
import { SimulatedDynamoDB } from './simulated-dynamodb.ts';

/** The contracts of all adapters, as on the engine. */
const service = new SimulatedDynamoDB(tableDefinitions.map(definedAs));
let nowMs = Date.parse('2026-01-02T03:04:05.000Z');
const client = directClient(service, () => {
  nowMs += 1;
  return { nowMs, staleMs: () => 0 };
});

const effects = simulatedEffects();
const readModelOptions = { table: tables.readModel, effects };
const name = 'simulated DynamoDB';

describeEventLogContract(name, async () => new DynamoDBEventLog(client, tables.eventLog, effects));
describeSnapshotStoreContract(name, async () => new DynamoDBSnapshotStore(client, tables.snapshots));
describeSegmentStoreContract(name, async () => new DynamoDBSegmentStore(client, tables.segments));
describeReadModelContract(
  name,
  async (generation) =>
    new DynamoDBReadModel<Tally, Line>(client, {
      ...readModelOptions,
      ...{ generation, projection: tallyProjection },
    }),
);
describeChangingLinesContract(
  name,
  async (generation) =>
    new DynamoDBReadModel<null, Task>(client, {
      ...readModelOptions,
      ...{ generation, projection: taskProjection },
    }),
);
describeParkingLotContract(name, async () => new DynamoDBParkingLot(client, tables.parked, effects));
describeWaitingRoomContract(name, async () => new DynamoDBWaitingRoom(client, tables.waiting, effects));
describeProgressContract(name, async () => new DynamoDBControl(client, tables.control));
describeBookmarksContract(name, async () => new DynamoDBControl(client, tables.control));
describeGenerationsContract(name, async () => new DynamoDBGenerations(client, tables.control));

it('a clock learns from the answers of a simulated DynamoDB', async () => {
  const now = () => new Date(nowMs + 5_000).toISOString();
  const clock = new CommitClock({ now, delay: async () => undefined });
  measureClock(client, clock, { now });
  await new DynamoDBEventLog(client, tables.eventLog, effects).append([commitAt(newStream(), 1)]);
  client.middlewareStack.remove('measureClock');
  // Times in headers have whole seconds.
  expect(clock.offset?.lowestMs).toBeGreaterThan(3_000);
  expect(clock.offset?.highestMs).toBeLessThan(7_000);
});
