import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableVariable } from '../../schema/names.ts';
import type { ReadModelName } from '../../schema/projections.ts';
import {
  controlTable,
  eventLogTable,
  listIndex,
  parkedTable,
  readModelTable,
  segmentTable,
  snapshotTable,
  subjectKeyTable,
  waitingTable,
} from '../../schema/tables.ts';
import {
  DynamoDBBuildProgress,
  DynamoDBControl,
  DynamoDBEventLog,
  DynamoDBGenerations,
  DynamoDBLogScan,
  DynamoDBParkingLot,
  DynamoDBReadModel,
  DynamoDBRowScan,
  DynamoDBSegmentStore,
  DynamoDBSnapshotStore,
  DynamoDBSubjectKeyStore,
  DynamoDBSweep,
  DynamoDBWaitingRoom,
  measureClock,
} from '../kernel/dynamodb/index.ts';
import {
  activeRows,
  CachedGenerations,
  type CommandContext,
  CommandHandler,
  CommitClock,
  type DomainEvent,
  type Effects,
  type EventLog,
  type GenerationsStore,
  type History,
  type Listing,
  type Observer,
  type ParkingLot,
  type ReadModel,
  type RowQueries,
  type SnapshotStore,
  type SubjectKeys,
  type WaitingRoom,
  writtenRows,
} from '../kernel/index.ts';
import { CachedSubjectKeys } from '../kernel/privacy/index.ts';
import type { LogScan } from '../kernel/rebuild/index.ts';
import {
  SealedStreams,
  type SealRequests,
  SegmentedHistory,
  type SegmentStore,
} from '../kernel/segments/index.ts';
import { loadKms } from './clients.ts';
import { type Environment, requireEnv, requirePositiveInteger } from './environment.ts';
import { KmsKeyWrapper, type KmsKeyWrapperOptions } from './kms-key-wrapper.ts';

/** What adapters are built from: the client and the variables of a function, and its clock, timers and randomness. */
export interface Platform {
  readonly client: DynamoDBClient;
  readonly env: Environment;
  readonly effects: Effects;
}

/** The log in the table that `EVENT_LOG_TABLE` names. `observer` counts commits that are not what was appended. */
export function eventLog({ client, env, effects }: Platform, observer?: Observer): EventLog {
  const table = { name: requireEnv(env, 'EVENT_LOG_TABLE'), ...eventLogTable };
  return new DynamoDBEventLog(client, table, { ...effects, ...(observer && { observer }) });
}

/** Time for one read of sealed history, in ms. Then the log is read: a table that is throttled or down must not hold a reader. */
const sealedReadMaxMs = 2_000;

/** The sealed history in the table that `SEGMENT_TABLE` names. */
export function segments(
  { client, env, effects }: Platform,
  { readMaxMs }: { readonly readMaxMs?: number } = {},
): SegmentStore {
  const table = { name: requireEnv(env, 'SEGMENT_TABLE'), ...segmentTable };
  if (readMaxMs === undefined) return new DynamoDBSegmentStore(client, table);
  return new DynamoDBSegmentStore(client, table, { readLimit: { ...effects, maxMs: readMaxMs } });
}

/** Reads and checks sealed history. Default of `requests`: nobody is asked to seal what is missing. */
export function sealedStreams(
  platform: Platform,
  {
    log,
    observer,
    requests,
  }: { log: Pick<EventLog, 'readCommit'>; observer: Observer; requests?: SealRequests },
): SealedStreams {
  const store = segments(platform, { readMaxMs: sealedReadMaxMs });
  return new SealedStreams({ segments: store, log, observer, requests });
}

/** The history of streams, for folding: sealed segments, then the log. Reads `EVENT_LOG_TABLE` and `SEGMENT_TABLE`. */
export function history(platform: Platform, observer: Observer, requests?: SealRequests): History {
  const log = eventLog(platform, observer);
  const sealed = sealedStreams(platform, { log, observer, ...(requests && { requests }) });
  return new SegmentedHistory({ log, sealed });
}

/** Deletes snapshots and sealed history, in the tables that `SNAPSHOT_TABLE` and `SEGMENT_TABLE` name. */
export function derivedHistory({ client, env, effects }: Platform) {
  const snapshots = { name: requireEnv(env, 'SNAPSHOT_TABLE'), ...snapshotTable };
  const sealed = { name: requireEnv(env, 'SEGMENT_TABLE'), ...segmentTable };
  return {
    snapshots: new DynamoDBSweep(client, snapshots, effects),
    segments: new DynamoDBSweep(client, sealed, effects),
  };
}

/** The parking lot in the table that `PARKED_TABLE` names. */
export function parkingLot({ client, env, effects }: Platform): ParkingLot {
  const table = { name: requireEnv(env, 'PARKED_TABLE'), ...parkedTable };
  return new DynamoDBParkingLot(client, table, effects);
}

/** The waiting room in the table that `WAITING_TABLE` names. */
export function waitingRoom({ client, env, effects }: Platform): WaitingRoom {
  const table = { name: requireEnv(env, 'WAITING_TABLE'), ...waitingTable };
  return new DynamoDBWaitingRoom(client, table, effects);
}

/** Progress and shared secrets in the table that `CONTROL_TABLE` names. */
export function control({ client, env }: Platform): DynamoDBControl {
  return new DynamoDBControl(client, { name: requireEnv(env, 'CONTROL_TABLE'), ...controlTable });
}

/** The stored keys of data subjects, in the table that `SUBJECT_KEY_TABLE` names. */
export function subjectKeyStore({ client, env, effects }: Platform): DynamoDBSubjectKeyStore {
  const table = { name: requireEnv(env, 'SUBJECT_KEY_TABLE'), ...subjectKeyTable };
  return new DynamoDBSubjectKeyStore(client, table, effects);
}

/**
 * The keys of data subjects: in the table that `SUBJECT_KEY_TABLE` names, wrapped by the key `SUBJECT_KMS_KEY_ARN`. A function has one,
 * because its cache is what saves calls of KMS. `load`: the client, loaded when it is needed.
 */
export function subjectKeys(platform: Platform, load: KmsKeyWrapperOptions['load'] = loadKms): SubjectKeys {
  const wrapper = new KmsKeyWrapper({ load, keyArn: requireEnv(platform.env, 'SUBJECT_KMS_KEY_ARN') });
  return new CachedSubjectKeys({ store: subjectKeyStore(platform), wrapper, effects: platform.effects });
}

/** What the command handlers of all contexts share. */
export interface CommandSide {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
  readonly snapshotThreshold: number;
  readonly observer: Observer;
  readonly effects: Effects;
  /** Measured by the answers of the client. */
  readonly clock: CommitClock;
  /** Undefined: no command of this function has a personal value. */
  readonly keys: SubjectKeys | undefined;
}

/** Reads `EVENT_LOG_TABLE`, `SNAPSHOT_TABLE` and `SNAPSHOT_THRESHOLD`. `keys`: required for commands with personal values. */
export function commandSide(platform: Platform, observer: Observer, keys?: SubjectKeys): CommandSide {
  const clock = new CommitClock(platform.effects, observer);
  measureClock(platform.client, clock, platform.effects);
  return {
    log: eventLog(platform, observer),
    snapshots: new DynamoDBSnapshotStore(platform.client, {
      name: requireEnv(platform.env, 'SNAPSHOT_TABLE'),
      ...snapshotTable,
    }),
    snapshotThreshold: requirePositiveInteger(platform.env, 'SNAPSHOT_THRESHOLD'),
    observer,
    effects: platform.effects,
    clock,
    keys,
  };
}

/** The command handler of a context. Without keys, as the eraser has it, a command with a personal value fails. */
export function commandHandler<State, Command, Event extends DomainEvent, Answer>(
  { decider, events, answer }: CommandContext<State, Command, Event, Answer>,
  side: CommandSide,
): CommandHandler<State, Command, Event, Answer> {
  return new CommandHandler({ ...side, decider, events, answer });
}

/** The generations of all read models, in the table that `CONTROL_TABLE` names. */
export function generationsStore({ client, env }: Platform): GenerationsStore {
  return new DynamoDBGenerations(client, { name: requireEnv(env, 'CONTROL_TABLE'), ...controlTable });
}

/** The generations of one read model, cached for the function. */
export function generations(platform: Platform, model: ReadModelName): CachedGenerations {
  return new CachedGenerations({ store: generationsStore(platform), model, effects: platform.effects });
}

/** The progress of builds, in the table that `CONTROL_TABLE` names. */
export function buildProgress({ client, env }: Platform): DynamoDBBuildProgress {
  return new DynamoDBBuildProgress(client, { name: requireEnv(env, 'CONTROL_TABLE'), ...controlTable });
}

/** Scans the log in the table that `EVENT_LOG_TABLE` names. */
export function logScan({ client, env, effects }: Platform): LogScan {
  const table = { name: requireEnv(env, 'EVENT_LOG_TABLE'), ...eventLogTable };
  return new DynamoDBLogScan(client, table, effects);
}

/** Scans all generations of a read model, in this table. */
export function rowScan({ client, effects }: Platform, tableName: string): DynamoDBRowScan<unknown> {
  return new DynamoDBRowScan(client, { name: tableName, ...readModelTable }, effects);
}

/** What a read model needs of a projection. All projections of one table agree on it. */
interface Listed<Row, Line, List extends string> {
  readonly projection: Listing<Row, Line, List>;
}

/** One generation of a read model, in this table. */
export function generationOf<Row, Line, List extends string>(
  { projection }: Listed<Row, Line, List>,
  { client, effects }: Platform,
  tableName: string,
  generation: string,
): DynamoDBReadModel<Row, Line, List> {
  return new DynamoDBReadModel<Row, Line, List>(client, {
    table: { name: tableName, ...readModelTable, listIndex },
    generation,
    projection,
    effects,
  });
}

/** A read model for queries. The table is that of its variable, and each call reads the generation that is active. */
export function readModel<Row, Line, List extends string>(
  listed: Listed<Row, Line, List>,
  platform: Platform,
  model: ReadModelName,
): RowQueries<Row, Line, List> {
  const tableName = requireEnv(platform.env, tableVariable(model));
  return activeRows(generations(platform, model), (generation) =>
    generationOf(listed, platform, tableName, generation),
  );
}

/** The rows that projectors write: of every generation that is written at the time of the call, the active one first. */
export function writtenReadModels<Row, Line, List extends string>(
  listed: Listed<Row, Line, List>,
  platform: Platform,
  model: ReadModelName,
): () => Promise<readonly ReadModel<Row, Line, List>[]> {
  const tableName = requireEnv(platform.env, tableVariable(model));
  return writtenRows(generations(platform, model), (generation) =>
    generationOf(listed, platform, tableName, generation),
  );
}
