import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  controlTable,
  eventLogTable,
  listIndex,
  parkedTable,
  readModelTable,
  segmentTable,
  snapshotTable,
  waitingTable,
} from '../../schema/tables.ts';
import {
  DynamoDBControl,
  DynamoDBEventLog,
  DynamoDBParkingLot,
  DynamoDBReadModel,
  DynamoDBSegmentStore,
  DynamoDBSnapshotStore,
  DynamoDBWaitingRoom,
  measureClock,
} from '../kernel/dynamodb/index.ts';
import {
  type CommandContext,
  CommandHandler,
  CommitClock,
  type DomainEvent,
  type Effects,
  type EventLog,
  firstGeneration,
  type History,
  type Listing,
  type Observer,
  type ParkingLot,
  type ReadModel,
  type SnapshotStore,
  type WaitingRoom,
} from '../kernel/index.ts';
import {
  SealedStreams,
  type SealRequests,
  SegmentedHistory,
  type SegmentStore,
} from '../kernel/segments/index.ts';
import { type Environment, requireEnv, requirePositiveInteger } from './environment.ts';
import { nodeEffects } from './node-effects.ts';

/** The log in the table that `EVENT_LOG_TABLE` names. `observer` counts commits that are not what was appended. */
export function eventLog(client: DynamoDBClient, env: Environment, observer?: Observer): EventLog {
  const table = { name: requireEnv(env, 'EVENT_LOG_TABLE'), ...eventLogTable };
  return new DynamoDBEventLog(client, table, { ...nodeEffects, ...(observer && { observer }) });
}

/** The sealed history in the table that `SEGMENT_TABLE` names. */
export function segments(client: DynamoDBClient, env: Environment): SegmentStore {
  return new DynamoDBSegmentStore(client, { name: requireEnv(env, 'SEGMENT_TABLE'), ...segmentTable });
}

/** Reads and checks sealed history. Default of `requests`: nobody is asked to seal what is missing. */
export function sealedStreams(
  client: DynamoDBClient,
  env: Environment,
  {
    log,
    observer,
    requests,
  }: { log: Pick<EventLog, 'readCommit'>; observer: Observer; requests?: SealRequests },
): SealedStreams {
  return new SealedStreams({ segments: segments(client, env), log, observer, requests });
}

/** The history of streams, for folding: sealed segments, then the log. Reads `EVENT_LOG_TABLE` and `SEGMENT_TABLE`. */
export function history(
  client: DynamoDBClient,
  env: Environment,
  observer: Observer,
  requests?: SealRequests,
): History {
  const log = eventLog(client, env, observer);
  const sealed = sealedStreams(client, env, { log, observer, ...(requests && { requests }) });
  return new SegmentedHistory({ log, sealed });
}

/** The parking lot in the table that `PARKED_TABLE` names. */
export function parkingLot(client: DynamoDBClient, env: Environment): ParkingLot {
  const table = { name: requireEnv(env, 'PARKED_TABLE'), ...parkedTable };
  return new DynamoDBParkingLot(client, table, nodeEffects);
}

/** The waiting room in the table that `WAITING_TABLE` names. */
export function waitingRoom(client: DynamoDBClient, env: Environment): WaitingRoom {
  const table = { name: requireEnv(env, 'WAITING_TABLE'), ...waitingTable };
  return new DynamoDBWaitingRoom(client, table, nodeEffects);
}

/** Progress and shared secrets in the table that `CONTROL_TABLE` names. */
export function control(client: DynamoDBClient, env: Environment): DynamoDBControl {
  return new DynamoDBControl(client, { name: requireEnv(env, 'CONTROL_TABLE'), ...controlTable });
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
}

/** Reads `EVENT_LOG_TABLE`, `SNAPSHOT_TABLE` and `SNAPSHOT_THRESHOLD`. */
export function commandSide(client: DynamoDBClient, env: Environment, observer: Observer): CommandSide {
  const clock = new CommitClock(nodeEffects, observer);
  measureClock(client, clock, nodeEffects);
  return {
    log: eventLog(client, env, observer),
    snapshots: new DynamoDBSnapshotStore(client, {
      name: requireEnv(env, 'SNAPSHOT_TABLE'),
      ...snapshotTable,
    }),
    snapshotThreshold: requirePositiveInteger(env, 'SNAPSHOT_THRESHOLD'),
    observer,
    effects: nodeEffects,
    clock,
  };
}

/** The command handler of a context. */
export function commandHandler<State, Command, Event extends DomainEvent, Answer>(
  { decider, events, answer }: CommandContext<State, Command, Event, Answer>,
  side: CommandSide,
): CommandHandler<State, Command, Event, Answer> {
  return new CommandHandler({ ...side, decider, events, answer });
}

/** The first generation of a context's read model, in this table. */
export function readModel<Row, Line, List extends string>(
  { projection }: { readonly projection: Listing<Row, Line, List> },
  client: DynamoDBClient,
  tableName: string,
): ReadModel<Row, Line, List> {
  return new DynamoDBReadModel<Row, Line, List>(client, {
    table: { name: tableName, ...readModelTable, listIndex },
    generation: firstGeneration,
    projection,
    effects: nodeEffects,
  });
}
