import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dispenseSchemas } from '../dispense/events.ts';
import { DynamoDBEventLog } from '../eventsourcing/event-log/dynamodb-event-log.ts';
import { categoryRows } from '../eventsourcing/projecting/category-rows.ts';
import { DynamoDBParkingLot } from '../eventsourcing/projecting/dynamodb-parking-lot.ts';
import { type ProjectedBatch, Projector } from '../eventsourcing/projecting/projector.ts';
import { ledgerSchemas } from '../ledger/events.ts';
import { projectMessages } from '../messaging/project-messages.ts';
import { metricSchemas } from '../metrics/events.ts';
import { readModel } from '../runtime/adapters.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationMetrics } from '../runtime/invocation-metrics.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';
import { todoConsumer, todoLists, todoProjections } from '../todo/projection.ts';

/** Parked streams of each context that one redrive tries again. */
const redriveMax = 1_000;

/** Invoked by hand with `{"redrive": true}`, tries the parked streams again. */
type RedriveEvent = { readonly redrive: true };

const { env } = process;
const logger = new Logger();
const metrics = new InvocationMetrics(env);
const observer = powertoolsObserver(logger, loadTracer(env), metrics);
const client = dynamoDBClient();
const log = new DynamoDBEventLog(client, requireEnv(env, 'EVENT_LOG_TABLE'));
const parkingLot = new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE'));
const items = readModel({ projection: todoLists }, client, requireEnv(env, 'TODO_TABLE'));
const schemas = { dispense: dispenseSchemas, metrics: metricSchemas, ledger: ledgerSchemas };
const projectors = new Map(
  todoProjections(schemas).map((projection) => [
    projection.category,
    new Projector({
      projection,
      log,
      readModel: categoryRows(items, projection.category),
      parkingLot,
      observer,
    }),
  ]),
);

/** Folds the commits that the queue brings into open and closed work. */
async function project(event: SQSEvent | RedriveEvent): Promise<SQSBatchResponse | ProjectedBatch[]> {
  if ('redrive' in event) {
    const results = [...projectors.values()].map((projector) => projector.redrive(redriveMax));
    return Promise.all(results);
  }
  const dependencies = { consumer: todoConsumer, projectors, parkingLot, observer };
  const { response, commits, ...counts } = await projectMessages(event.Records, dependencies);
  const correlationIds = [...new Set(commits.map(({ correlationId }) => correlationId))];
  metrics.lag('ProjectionLag', commits);
  logger.info('Projected a batch of the TODO queue', { commits: commits.length, ...counts, correlationIds });
  return response;
}

export const handler = middy(project)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(metrics));
