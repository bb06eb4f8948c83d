import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { tableVariable } from '../../schema/names.ts';
import { dispenseEvents } from '../contexts/dispense/domain/events.ts';
import { ledgerEvents } from '../contexts/ledger/domain/events.ts';
import { metricEvents } from '../contexts/metrics/domain/events.ts';
import { todoConsumer, todoLists, todoProjections } from '../contexts/todo/read-model/projection.ts';
import { DynamoDBEventLog, DynamoDBParkingLot } from '../kernel/dynamodb/index.ts';
import { categoryRows, type ProjectedBatch, Projector } from '../kernel/index.ts';
import { projectMessages } from '../kernel/lambda/index.ts';
import { readModel } from '../runtime/adapters.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

/** Maximum parked streams of each context that one redrive retries. */
const redriveMax = 1_000;

/** A person invokes the function with `{"redrive": true}` to retry the parked streams. */
type RedriveEvent = { readonly redrive: true };

const { env } = process;
const logger = new Logger();
const telemetry = new InvocationTelemetry(env);
const observer = powertoolsObserver(logger, loadTracer(env), telemetry);
const client = dynamoDBClient();
const log = new DynamoDBEventLog(client, requireEnv(env, 'EVENT_LOG_TABLE'));
const parkingLot = new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE'));
const items = readModel({ projection: todoLists }, client, requireEnv(env, tableVariable('todo')));
const events = { dispense: dispenseEvents, metrics: metricEvents, ledger: ledgerEvents };
const projectors = new Map(
  todoProjections(events).map((projection) => [
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

/** Folds the commits in the queue into open and closed work. */
async function project(event: SQSEvent | RedriveEvent): Promise<SQSBatchResponse | ProjectedBatch[]> {
  if ('redrive' in event) {
    const results = [...projectors.values()].map((projector) => projector.redrive(redriveMax));
    return Promise.all(results);
  }
  const dependencies = { consumer: todoConsumer, projectors, parkingLot, observer };
  const { response, commits, ...counts } = await projectMessages(event.Records, dependencies);
  const correlationIds = [...new Set(commits.map(({ correlationId }) => correlationId))];
  telemetry.lag('ProjectionLag', commits);
  logger.info('Projected a batch of the TODO queue', { commits: commits.length, ...counts, correlationIds });
  return response;
}

export const handler = middy(project)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));
