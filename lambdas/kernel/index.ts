export { actorName, systemActor } from './actor.ts';
export type { Bookmarks } from './bookmarks.ts';
export {
  CachedGenerations,
  type CachedGenerationsOptions,
  lastKnownMaxMs,
} from './cached-generations.ts';
export { isUnfoldable } from './catch-up-row.ts';
export { categoryRows, type SingleRows } from './category-rows.ts';
export { type ChainEnd, endOf, requireContinues } from './chain.ts';
export { type ChunkLimits, chunks } from './chunks.ts';
export {
  type FieldPlace,
  ForeignCiphertextError,
  ivBytes,
  lengthBytes,
  partsOf,
  placeOf,
  tagBytes,
} from './ciphertext.ts';
export {
  CommandHandler,
  type CommandHandlerOptions,
  defaultCommandRetry,
} from './command-handler.ts';
export {
  commandIdOfKey,
  commandIdOfReaction,
  commandIdWithoutKey,
  isKeyedCommandId,
  keyedCommandId,
} from './command-id.ts';
export type { Addressed, CommandRequest, CommandResult, Targets } from './command-request.ts';
export {
  type Commit,
  isPlaceOfCommit,
  isVersion,
  placeOfCommit,
  type RecordedEvent,
  recordedEvents,
  type StoredEvent,
} from './commit.ts';
export { CommitClock, clockOffsetMaxMs, futureMaxMs, settledAfterMs } from './commit-clock.ts';
export { commitHash, hashedAttributes, sealed } from './commit-hash.ts';
export { forEachConcurrently } from './concurrency.ts';
export {
  type CommandContext,
  type ContextDefinition,
  type ContextTypes,
  defineContext,
} from './context-definition.ts';
export {
  type Decider,
  type Decision,
  type DomainEvent,
  isRejected,
  type Rejection,
  reject,
} from './decider.ts';
export { Destination, type DestinationProps, eventStreamName } from './destination.ts';
export type { Effects } from './effects.ts';
export {
  type Envelope,
  holdsEnvelope,
  isEnvelope,
  isWellFormed,
  type Personal,
  personal,
} from './envelope.ts';
export {
  EventSourcingError,
  type EventSourcingErrorCode,
  isEventSourcingError,
  messageOf,
} from './errors.ts';
export {
  defineEvents,
  type EventDefinitions,
  type EventOf,
  type Immutable,
  readEvent,
  requireOwnEnvelopes,
} from './event-definitions.ts';
export type { AppendResult, EventLog, ReadRange } from './event-log.ts';
export { foldCommits, type VersionedRow } from './fold.ts';
export { type LinesPage, rowAt, rowNow, withUnprojectedLines } from './fresh-row.ts';
export {
  begin,
  discard,
  drop,
  finish,
  follow,
  type GenerationChange,
  type GenerationRefusal,
  isRefusedChange,
  type RefusedChange,
  removed,
  removingMax,
  segmentsMax,
  switchOver,
  undo,
} from './generation-changes.ts';
export { activeRows, writtenRows } from './generation-rows.ts';
export { InvalidGenerationsError } from './generation-state.ts';
export {
  type Building,
  firstGeneration,
  type GenerationState,
  type GenerationsStore,
  generationCacheMs,
  generationName,
  generationNumber,
  initialGenerations,
  type Removing,
  writtenGenerations,
} from './generations.ts';
export type { History } from './history.ts';
export { Hydrator } from './hydrator.ts';
export { compareKeys, isWithin, type KeyBounds, keysWithPrefix, lastKey } from './key-order.ts';
export {
  type AddDetails,
  type Cause,
  type CausedStep,
  type EventDetails,
  type KernelCounter,
  type Observer,
  type Step,
  type StepDetails,
  type StepEvent,
  silentObserver,
  untraced,
} from './observer.ts';
export { isBusy, isOutage } from './outage.ts';
export type { Parked, Parking, ParkingLot } from './parking.ts';
export { type EventField, fieldsOf } from './personal-fields.ts';
export type { PointInTime } from './point-in-time.ts';
export {
  type BatchProgress,
  type BatchProgressBoard,
  behindMs,
  type NotedProgress,
  type ProgressBoard,
  type ShardProgress,
} from './progress.ts';
export {
  type Folding,
  type KeyedLine,
  type Listing,
  type Projected,
  type Projection,
  versionKey,
} from './projection.ts';
export {
  defaultProjectorRetry,
  GenerationalProjector,
  type GenerationalProjectorOptions,
  type ProjectedBatch,
  Projector,
  type ProjectorOptions,
  type RedrivenStreams,
} from './projector.ts';
export type {
  CommitPublisher,
  DecodeCommit,
  ReceivedCommit,
  RefusedCommit,
  SendResult,
  StreamPosition,
  TraceparentOf,
} from './publishing.ts';
export { ownTraceparent } from './publishing.ts';
export type {
  KeyRange,
  LineRange,
  ListBounds,
  ListedRow,
  ListRange,
  ReadModel,
  RowChange,
  RowQueries,
  WrittenRows,
} from './read-model.ts';
export { backoff, type RetryPolicy } from './retry.ts';
export {
  type Erased,
  erased,
  type FoundKeys,
  keysToReveal,
  type Revealed,
  reveal,
  type StoredValue,
} from './reveal.ts';
export { differingFields } from './row-differences.ts';
export { hasPersonalFields, sealPersonal } from './seal-personal.ts';
export type { SealedHistory } from './sealed-history.ts';
export type { SnapshotStore } from './snapshot-store.ts';
export {
  aggregateIdPattern,
  categoryOfStream,
  defaultTenant,
  idOfKey,
  idOfStream,
  keyOfStream,
  keyOfTenant,
  plainStreamName,
  plainStreamPattern,
  type StreamName,
  streamKey,
  streamName,
  streamOfTenant,
  streamPattern,
  tenantOfKey,
  tenantOfStream,
  tenantPattern,
} from './stream-name.ts';
export { type StreamUpdate, updatesByStream } from './stream-updates.ts';
export {
  type KeyWrapper,
  keyCacheMs,
  type StoredKey,
  type SubjectKey,
  type SubjectKeyDestroyer,
  type SubjectKeyStore,
  type SubjectKeys,
  tenantKeyName,
} from './subject-keys.ts';
export { type LogQueries, tenantCommands, tenantKeys, tenantLog, tenantRows } from './tenant-ports.ts';
export type { SealedPasts } from './time-travel.ts';
export { parseTraceparent, type TraceContext, traceparentOf, validTraceparent } from './trace-context.ts';
export type { WaitingCommit, WaitingRoom, WaitingRow } from './waiting.ts';
