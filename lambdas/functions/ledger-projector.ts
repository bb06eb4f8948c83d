import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import middy from '@middy/core';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { DynamoDBEventLog } from '../eventsourcing/event-log/dynamodb-event-log.ts';
import { DynamoDBControl } from '../eventsourcing/projecting/dynamodb-control.ts';
import { DynamoDBParkingLot } from '../eventsourcing/projecting/dynamodb-parking-lot.ts';
import { DynamoDBReadModel } from '../eventsourcing/projecting/dynamodb-read-model.ts';
import { firstGeneration } from '../eventsourcing/projecting/generation.ts';
import { Projector } from '../eventsourcing/projecting/projector.ts';
import { type AccountRow, type Entry, ledgerProjection } from '../ledger/projection.ts';
import { type ProjectBatchDependencies, projectBatch } from '../messaging/project-batch.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';

/** Parked streams that one redrive tries again. */
const redriveMax = 1_000;

const { env } = process;
const logger = new Logger();
const observer = powertoolsObserver(logger, new Tracer());
const client = dynamoDBClient();
const parkingLot = new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE'));
const projector = new Projector<AccountRow, Entry>({
  projection: ledgerProjection,
  log: new DynamoDBEventLog(client, requireEnv(env, 'EVENT_LOG_TABLE')),
  readModel: new DynamoDBReadModel(
    client,
    requireEnv(env, 'LEDGER_TABLE'),
    firstGeneration,
    ledgerProjection,
  ),
  parkingLot,
  observer,
});
const dependencies: ProjectBatchDependencies = {
  consumer: ledgerProjection.name,
  category: ledgerProjection.category,
  projector,
  parkingLot,
  progress: new DynamoDBControl(client, requireEnv(env, 'CONTROL_TABLE')),
  observer,
};

/** Invoked by hand with `{"redrive": true}`, tries the parked streams again. */
type RedriveEvent = { readonly redrive: true };

/** Folds what the event stream brings into the ledger's read model. */
async function project(
  event: KinesisStreamEvent | RedriveEvent,
): Promise<KinesisStreamBatchResponse | object> {
  if ('redrive' in event) {
    const result = await projector.redrive(redriveMax);
    logger.info('Redrove the parked streams', { ...result });
    return result;
  }
  const { response, commits, projected, parked, failed } = await projectBatch(event.Records, dependencies);
  const correlationIds = [...new Set(commits.map(({ correlationId }) => correlationId))];
  logger.info('Projected a batch of the event stream', {
    commits: commits.length,
    streams: projected,
    parked,
    failed,
    correlationIds,
  });
  return response;
}

export const handler = middy(project).use(injectLambdaContext(logger, { resetKeys: true }));
