export { categoryRows } from './category-rows.ts';
export { CommandHandler, type CommandRequest, type CommandResult } from './command-handler.ts';
export {
  aggregateIdPattern,
  type Commit,
  categoryOfStream,
  idOfStream,
  type RecordedEvent,
  recordedEvents,
  type StoredEvent,
  type StreamName,
  streamName,
  streamPattern,
} from './commit.ts';
export { type ContextDefinition, defineContext } from './context-definition.ts';
export {
  type Decider,
  type Decision,
  type DomainEvent,
  isRejected,
  type Rejection,
  reject,
} from './decider.ts';
export { EventSourcingError, type EventSourcingErrorCode, isEventSourcingError } from './errors.ts';
export {
  defineEvents,
  type EventDefinitions,
  type EventOf,
  type Immutable,
  readEvent,
} from './event-definitions.ts';
export type { AppendResult, EventLog, ReadRange } from './event-log.ts';
export { foldCommits, type VersionedRow } from './fold.ts';
export { type LinesPage, rowNow, rowThen, withLinesAhead } from './fresh-row.ts';
export { firstGeneration } from './generation.ts';
export { compareKeys, keysWithPrefix, lastKey } from './key-order.ts';
export { type Observer, type Step, silentObserver } from './observer.ts';
export { MemoryParkingLot, type ParkingLot } from './parking.ts';
export { behindMs, type ProgressBoard, type ShardProgress } from './progress.ts';
export {
  type Folding,
  type KeyedLine,
  type Listing,
  type Projected,
  type Projection,
  versionKey,
} from './projection.ts';
export { type ProjectedBatch, Projector, updatesByStream } from './projector.ts';
export type { KeyRange, LineRange, ListedRow, ReadModel } from './read-model.ts';
export type { SnapshotStore } from './snapshot-store.ts';
export type { PointInTime } from './time-travel.ts';
