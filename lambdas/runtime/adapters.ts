import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBEventLog, DynamoDBReadModel, DynamoDBSnapshotStore } from '../kernel/dynamodb/index.ts';
import {
  CommandHandler,
  type ContextDefinition,
  type DomainEvent,
  type EventLog,
  firstGeneration,
  type Listing,
  type Observer,
  type ReadModel,
  type SnapshotStore,
} from '../kernel/index.ts';
import { type Environment, requireEnv, requirePositiveInteger } from './environment.ts';

/** What the command handlers of all contexts share. */
export interface CommandSide {
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
  readonly snapshotThreshold: number;
  readonly observer: Observer;
}

/** Reads `EVENT_LOG_TABLE`, `SNAPSHOT_TABLE` and `SNAPSHOT_THRESHOLD`. */
export function commandSide(client: DynamoDBClient, env: Environment, observer: Observer): CommandSide {
  return {
    log: new DynamoDBEventLog(client, requireEnv(env, 'EVENT_LOG_TABLE')),
    snapshots: new DynamoDBSnapshotStore(client, requireEnv(env, 'SNAPSHOT_TABLE')),
    snapshotThreshold: requirePositiveInteger(env, 'SNAPSHOT_THRESHOLD'),
    observer,
  };
}

export function commandHandler<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
>(
  { decider, events, answer }: ContextDefinition<State, Command, Event, Answer, Row, Line, List>,
  side: CommandSide,
): CommandHandler<State, Command, Event, Answer> {
  return new CommandHandler({ ...side, decider, events, answer });
}

export function readModel<Row, Line, List extends string>(
  { projection }: { readonly projection: Listing<Row, Line, List> },
  client: DynamoDBClient,
  tableName: string,
): ReadModel<Row, Line, List> {
  return new DynamoDBReadModel<Row, Line, List>(client, tableName, firstGeneration, projection);
}
