import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { feedsOf, type QueueName, queueNames } from '../../schema/contexts.ts';
import { queueUrlVariable } from '../../schema/names.ts';
import { todoEventTypes } from '../contexts/todo/rules.ts';
import { DynamoDBControl, DynamoDBParkingLot } from '../kernel/dynamodb/index.ts';
import { publishBatch } from '../kernel/lambda/index.ts';
import { KinesisPublisher } from '../messaging/kinesis-publisher.ts';
import { SqsPublisher } from '../messaging/sqs-publisher.ts';
import { dynamoDBClient, kinesisClient, sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

const { env } = process;
const logger = new Logger();
const telemetry = new InvocationTelemetry(env);
const client = dynamoDBClient();
const sqs = sqsClient();
const dependencies = {
  publisher: new KinesisPublisher(kinesisClient(), requireEnv(env, 'EVENT_STREAM')),
  queues: queueNames.map((name) => ({
    publisher: new SqsPublisher(sqs, requireEnv(env, queueUrlVariable(name))),
    eventTypes: eventTypesFor(name),
  })),
  parkingLot: new DynamoDBParkingLot(client, requireEnv(env, 'PARKED_TABLE')),
  progress: new DynamoDBControl(client, requireEnv(env, 'CONTROL_TABLE')),
  observer: powertoolsObserver(logger, loadTracer(env), telemetry),
};

/** The types of the events whose commits go to a queue. */
function eventTypesFor(queue: QueueName): ReadonlySet<string> {
  return new Set(feedsOf(queue).flatMap(({ events }) => (events === 'rules' ? [...todoEventTypes] : events)));
}

/** Sends the commits in the log's stream to the event stream and the queues. */
async function publish({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const { response, published, failed, parked } = await publishBatch(Records, dependencies);
  const correlationIds = [...new Set(published.map(({ correlationId }) => correlationId))];
  telemetry.lag('PublishLag', published);
  logger.info('Published a batch of the log', { commits: published.length, failed, parked, correlationIds });
  return response;
}

export const handler = middy(publish)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));
