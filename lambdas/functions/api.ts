import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { CommandHandler } from '../eventsourcing/command-handler.ts';
import { DynamoDBEventLog } from '../eventsourcing/event-log/dynamodb-event-log.ts';
import { DynamoDBControl } from '../eventsourcing/projecting/dynamodb-control.ts';
import { DynamoDBParkingLot } from '../eventsourcing/projecting/dynamodb-parking-lot.ts';
import { DynamoDBReadModel } from '../eventsourcing/projecting/dynamodb-read-model.ts';
import { firstGeneration } from '../eventsourcing/projecting/generation.ts';
import { DynamoDBSnapshotStore } from '../eventsourcing/snapshots/dynamodb-snapshot-store.ts';
import { type ApiHandler, createApiHandler } from '../http/api-handler.ts';
import { createCursors } from '../http/cursor.ts';
import { openApiRoute } from '../http/openapi.ts';
import { ledger } from '../ledger/account.ts';
import { ledgerSchemas } from '../ledger/events.ts';
import { type AccountRow, type Entry, ledgerProjection } from '../ledger/projection.ts';
import { ledgerRoutes } from '../ledger/routes.ts';
import { balanceAnswer } from '../ledger/views.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv, requirePositiveInteger } from '../runtime/environment.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { healthRoute } from '../system/health.ts';
import { streamRoute } from '../system/streams.ts';

const cursorKeyBytes = 32;

const { env } = process;
const logger = new Logger();
const tracer = new Tracer();
const observer = powertoolsObserver(logger, tracer);

const client = dynamoDBClient();
const log = new DynamoDBEventLog(client, requireEnv(env, 'EVENT_LOG_TABLE'));
const snapshots = new DynamoDBSnapshotStore(client, requireEnv(env, 'SNAPSHOT_TABLE'));
const control = new DynamoDBControl(client, requireEnv(env, 'CONTROL_TABLE'));
const parkingLot = new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE'));
const snapshotThreshold = requirePositiveInteger(env, 'SNAPSHOT_THRESHOLD');

const ledgerHandler = new CommandHandler({
  log,
  snapshots,
  decider: ledger,
  schemas: ledgerSchemas,
  answer: balanceAnswer,
  snapshotThreshold,
  observer,
});
const ledgerReadModel = new DynamoDBReadModel<AccountRow, Entry>(
  client,
  requireEnv(env, 'LEDGER_TABLE'),
  firstGeneration,
  ledgerProjection,
);

/** The API: validates commands and appends their events, answers queries from the read models. */
export async function handler(event: unknown, context: Context) {
  return (await api())(event, context);
}

let made: Promise<ApiHandler> | undefined;

/** Made at the first request, when the key that signs cursors can be read; a failure to read it is not kept. */
function api(): Promise<ApiHandler> {
  made ??= makeApi().catch((error: unknown) => {
    made = undefined;
    throw error;
  });
  return made;
}

async function makeApi(): Promise<ApiHandler> {
  const cursors = createCursors(await control.sharedSecret('cursor-key', () => randomBytes(cursorKeyBytes)));
  const routes = [
    ...ledgerRoutes({ handler: ledgerHandler, log, readModel: ledgerReadModel, cursors }),
    streamRoute(log, cursors),
    healthRoute({
      log,
      progress: control,
      parkingLot,
      projectors: [ledgerProjection.name],
      warn: (message, error) => logger.warn(message, { error }),
    }),
  ];
  const openApi = openApiRoute({ title: 'Streamfold', version: '1' }, routes);
  return createApiHandler({
    routes: [...routes, openApi],
    logger,
    tracer,
    now: () => new Date().toISOString(),
  });
}
