export { type CommitItem, fromItem, toItem } from './commit-item.ts';
export { DynamoDBControl } from './dynamodb-control.ts';
export { DynamoDBEventLog } from './dynamodb-event-log.ts';
export { DynamoDBParkingLot } from './dynamodb-parking-lot.ts';
export { DynamoDBReadModel, type DynamoDBReadModelOptions } from './dynamodb-read-model.ts';
export { DynamoDBSnapshotStore } from './dynamodb-snapshot-store.ts';
export { DynamoDBWaitingRoom } from './dynamodb-waiting-room.ts';
export { measureClock } from './measure-clock.ts';
export type { CommitKeys, ReadModelTable, SimpleTable, SortedTable } from './tables.ts';
