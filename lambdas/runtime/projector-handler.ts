import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { DynamoDBEventLog } from '../eventsourcing/event-log/dynamodb-event-log.ts';
import { DynamoDBControl } from '../eventsourcing/projecting/dynamodb-control.ts';
import { DynamoDBParkingLot } from '../eventsourcing/projecting/dynamodb-parking-lot.ts';
import type { Projection } from '../eventsourcing/projecting/projection.ts';
import { type ProjectedBatch, Projector } from '../eventsourcing/projecting/projector.ts';
import { projectBatch } from '../messaging/project-batch.ts';
import { readModel as readModelOf } from './adapters.ts';
import { dynamoDBClient } from './clients.ts';
import { type Environment, requireEnv } from './environment.ts';
import { flushing, InvocationMetrics } from './invocation-metrics.ts';
import { powertoolsObserver } from './powertools-observer.ts';
import { loadTracer } from './tracing.ts';

/** Parked streams that one redrive tries again. */
const redriveMax = 1_000;

/** Invoked by hand with `{"redrive": true}`, tries the parked streams again. */
type RedriveEvent = { readonly redrive: true };

export interface ProjectorHandlerOptions<Row, Detail> {
  readonly projection: Projection<Row, Detail>;
  readonly env: Environment;
  /** The variable that names the table of the read model. */
  readonly tableVariable: string;
}

/** The Lambda handler that folds what the event stream brings into one read model. */
export function projectorHandler<Row, Detail>({
  projection,
  env,
  tableVariable,
}: ProjectorHandlerOptions<Row, Detail>) {
  const logger = new Logger();
  const metrics = new InvocationMetrics(env);
  const observer = powertoolsObserver(logger, loadTracer(env), metrics);
  const client = dynamoDBClient();
  const parkingLot = new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE'));
  const log = new DynamoDBEventLog(client, requireEnv(env, 'EVENT_LOG_TABLE'));
  const readModel = readModelOf({ projection }, client, requireEnv(env, tableVariable));
  const projector = new Projector({ projection, log, readModel, parkingLot, observer });
  const progress = new DynamoDBControl(client, requireEnv(env, 'CONTROL_TABLE'));
  const { name: consumer, category } = projection;
  const dependencies = { consumer, category, projector, parkingLot, progress, observer };

  const handle = async (
    event: KinesisStreamEvent | RedriveEvent,
  ): Promise<KinesisStreamBatchResponse | ProjectedBatch> => {
    if ('redrive' in event && event.redrive === true) {
      const result = await projector.redrive(redriveMax);
      logger.info('Redrove the parked streams', { ...result });
      return result;
    }
    if (!('Records' in event)) {
      throw new TypeError(
        'A projector takes a batch of the event stream, or {"redrive": true} to try parked streams again.',
      );
    }
    const { response, commits, projected, parked, failed } = await projectBatch(event.Records, dependencies);
    metrics.lag('ProjectionLag', commits);
    // Most batches of a busy stream are about other contexts, and a line costs as much as a fold.
    if (commits.length + parked > 0) {
      logger.info('Projected a batch of the event stream', {
        commits: commits.length,
        streams: projected,
        parked,
        failed,
        correlationIds: [...new Set(commits.map(({ correlationId }) => correlationId))],
      });
    }
    return response;
  };
  return middy(handle)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(flushing(metrics));
}
