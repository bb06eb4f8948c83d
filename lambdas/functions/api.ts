import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { dispenseRoutes } from '../contexts/dispense/api/routes.ts';
import { dispenseContext } from '../contexts/dispense/context.ts';
import { s3Client } from '../contexts/dispense/documents/s3-client.ts';
import { S3DocumentStore } from '../contexts/dispense/documents/s3-document-store.ts';
import { ledgerRoutes } from '../contexts/ledger/api/routes.ts';
import { ledgerContext } from '../contexts/ledger/context.ts';
import { metricRoutes } from '../contexts/metrics/api/routes.ts';
import { metricsContext } from '../contexts/metrics/context.ts';
import { todoRoutes } from '../contexts/todo/api/routes.ts';
import { todoConsumers, todoLists } from '../contexts/todo/read-model/projection.ts';
import { type ApiHandler, createApiHandler } from '../http/api-handler.ts';
import { createCursors } from '../http/cursor.ts';
import { openApiRoute } from '../http/openapi.ts';
import { DynamoDBControl } from '../kernel/dynamodb/dynamodb-control.ts';
import { DynamoDBParkingLot } from '../kernel/dynamodb/dynamodb-parking-lot.ts';
import { commandHandler, commandSide, readModel } from '../runtime/adapters.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';
import { HeadWatchingLog } from '../system/head-watching-log.ts';
import { healthRoute } from '../system/health.ts';
import { streamRoute } from '../system/streams.ts';

const cursorKeyBytes = 32;

const { env } = process;
const logger = new Logger();
const tracer = loadTracer(env);
const counts = new InvocationTelemetry(env);
const client = dynamoDBClient();
const control = new DynamoDBControl(client, requireEnv(env, 'CONTROL_TABLE'));
const parkingLot = new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE'));
const adapters = commandSide(client, env, powertoolsObserver(logger, tracer, counts));
const log = new HeadWatchingLog(adapters.log);
const side = { ...adapters, log };
const ledger = {
  handler: commandHandler(ledgerContext, side),
  readModel: readModel(ledgerContext, client, requireEnv(env, 'LEDGER_TABLE')),
};
const metrics = {
  handler: commandHandler(metricsContext, side),
  readModel: readModel(metricsContext, client, requireEnv(env, 'METRICS_TABLE')),
};
const dispense = {
  handler: commandHandler(dispenseContext, side),
  readModel: readModel(dispenseContext, client, requireEnv(env, 'DISPENSE_TABLE')),
  documents: new S3DocumentStore(s3Client(env), requireEnv(env, 'DOCUMENT_BUCKET')),
};
const todo = { readModel: readModel({ projection: todoLists }, client, requireEnv(env, 'TODO_TABLE')) };
const warn = (message: string, error: unknown) => logger.warn(message, { error });

/** The API: validates commands and appends their events, answers queries from the read models. */
export async function handler(event: unknown, context: Context) {
  try {
    return await (await api())(event, context);
  } finally {
    counts.flush();
  }
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
    ...ledgerRoutes({ ...ledger, log, cursors }),
    ...metricRoutes({ ...metrics, log, cursors }),
    ...dispenseRoutes({ ...dispense, log, cursors, warn }),
    ...todoRoutes({ ...todo, cursors }),
    streamRoute(log, cursors),
    healthRoute({
      log,
      progress: control,
      parkingLot,
      projections: [ledgerContext.projection, metricsContext.projection, dispenseContext.projection],
      queueConsumers: todoConsumers,
      warn,
    }),
  ];
  const openApi = openApiRoute({ title: 'Streamfold', version: '1' }, routes);
  const traced = await tracer;
  return createApiHandler({
    routes: [...routes, openApi],
    logger,
    ...(traced && { tracer: traced }),
    scopedRoutes: JSON.parse(requireEnv(env, 'SCOPED_ROUTES')),
    now: () => new Date().toISOString(),
  });
}
