import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tables } from '../../../test/support/test-dynamodb.ts';
import { describeBookmarksContract } from '../testing/bookmarks.contract.ts';
import {
  describeChangingLinesContract,
  type Task,
  taskProjection,
} from '../testing/changing-lines.contract.ts';
import { describeEventLogContract } from '../testing/event-log.contract.ts';
import { describeGenerationsContract } from '../testing/generations.contract.ts';
import { describeParkingLotContract } from '../testing/parking.contract.ts';
import { describeProgressContract } from '../testing/progress.contract.ts';
import {
  describeReadModelContract,
  type Line,
  type Tally,
  tallyProjection,
} from '../testing/read-model.contract.ts';
import { describeSegmentStoreContract } from '../testing/segment-store.contract.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { describeSnapshotStoreContract } from '../testing/snapshot-store.contract.ts';
import { describeSubjectKeyStoreContract } from '../testing/subject-key-store.contract.ts';
import { describeWaitingRoomContract } from '../testing/waiting-room.contract.ts';
import { DynamoDBControl } from './dynamodb-control.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { DynamoDBGenerations } from './dynamodb-generations.ts';
import { DynamoDBParkingLot } from './dynamodb-parking-lot.ts';
import { DynamoDBReadModel } from './dynamodb-read-model.ts';
import { DynamoDBSegmentStore } from './dynamodb-segment-store.ts';
import { DynamoDBSnapshotStore } from './dynamodb-snapshot-store.ts';
import { DynamoDBSubjectKeyStore } from './dynamodb-subject-key-store.ts';
import { DynamoDBWaitingRoom } from './dynamodb-waiting-room.ts';

/** The contracts of all ports, for their adapters on a DynamoDB with every table of the stack. */
export function describeDynamoDBAdapters(name: string, client: () => DynamoDBClient): void {
  const effects = simulatedEffects();
  const readModelOptions = { table: tables.readModel, effects };

  describeEventLogContract(name, async () => new DynamoDBEventLog(client(), tables.eventLog, effects));
  describeSnapshotStoreContract(name, async () => new DynamoDBSnapshotStore(client(), tables.snapshots));
  describeSegmentStoreContract(name, async () => new DynamoDBSegmentStore(client(), tables.segments));
  describeReadModelContract(
    name,
    async (generation) =>
      new DynamoDBReadModel<Tally, Line>(client(), {
        ...readModelOptions,
        generation,
        projection: tallyProjection,
      }),
  );
  describeChangingLinesContract(
    name,
    async (generation) =>
      new DynamoDBReadModel<null, Task>(client(), {
        ...readModelOptions,
        generation,
        projection: taskProjection,
      }),
  );
  describeParkingLotContract(name, async () => new DynamoDBParkingLot(client(), tables.parked, effects));
  describeWaitingRoomContract(name, async () => new DynamoDBWaitingRoom(client(), tables.waiting, effects));
  describeSubjectKeyStoreContract(
    name,
    async () => new DynamoDBSubjectKeyStore(client(), tables.subjectKeys, effects),
  );

  describeProgressContract(name, async () => new DynamoDBControl(client(), tables.control));
  describeBookmarksContract(name, async () => new DynamoDBControl(client(), tables.control));
  describeGenerationsContract(name, async () => new DynamoDBGenerations(client(), tables.control));
}
