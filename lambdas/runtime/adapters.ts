import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { BoundedContext } from '../eventsourcing/bounded-context.ts';
import { CommandHandler } from '../eventsourcing/command-handler.ts';
import type { DomainEvent } from '../eventsourcing/decider.ts';
import { DynamoDBEventLog } from '../eventsourcing/event-log/dynamodb-event-log.ts';
import type { EventLog } from '../eventsourcing/event-log/event-log.ts';
import type { Observer } from '../eventsourcing/observer.ts';
import { DynamoDBReadModel } from '../eventsourcing/projecting/dynamodb-read-model.ts';
import { firstGeneration } from '../eventsourcing/projecting/generation.ts';
import type { Listed } from '../eventsourcing/projecting/projection.ts';
import type { ReadModel } from '../eventsourcing/projecting/read-model.ts';
import { DynamoDBSnapshotStore } from '../eventsourcing/snapshots/dynamodb-snapshot-store.ts';
import type { SnapshotStore } from '../eventsourcing/snapshots/snapshot-store.ts';
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

export function commandHandler<State, Command, Event extends DomainEvent, Answer, Row, Detail>(
  { decider, schemas, answer }: BoundedContext<State, Command, Event, Answer, Row, Detail>,
  side: CommandSide,
): CommandHandler<State, Command, Event, Answer> {
  return new CommandHandler({ ...side, decider, schemas, answer });
}

export function readModel<Row, Detail>(
  { projection }: { readonly projection: Listed<Row, Detail> },
  client: DynamoDBClient,
  tableName: string,
): ReadModel<Row, Detail> {
  return new DynamoDBReadModel<Row, Detail>(client, tableName, firstGeneration, projection);
}
