import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CommandHandler } from '../kernel/command-handler.ts';
import type { ContextDefinition } from '../kernel/context-definition.ts';
import type { DomainEvent } from '../kernel/decider.ts';
import { DynamoDBEventLog } from '../kernel/dynamodb/dynamodb-event-log.ts';
import { DynamoDBReadModel } from '../kernel/dynamodb/dynamodb-read-model.ts';
import { DynamoDBSnapshotStore } from '../kernel/dynamodb/dynamodb-snapshot-store.ts';
import type { EventLog } from '../kernel/event-log.ts';
import { firstGeneration } from '../kernel/generation.ts';
import type { Observer } from '../kernel/observer.ts';
import type { Listing } from '../kernel/projection.ts';
import type { ReadModel } from '../kernel/read-model.ts';
import type { SnapshotStore } from '../kernel/snapshot-store.ts';
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
