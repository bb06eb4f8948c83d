import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { feedsOf, type QueueName, queueNames } from '../../schema/contexts.ts';
import { queueUrlVariable } from '../../schema/names.ts';
import { eventLogTable } from '../../schema/tables.ts';
import { loadTodoRules } from '../contexts/load-todo-rules.ts';
import { type TodoRules, todoEventTypes } from '../contexts/todo-rule.ts';
import { publishBatch, reportLogChanges } from '../kernel/lambda/index.ts';
import { KinesisPublisher } from '../messaging/kinesis-publisher.ts';
import { requirePublishable } from '../messaging/published-commit.ts';
import { SqsPublisher } from '../messaging/sqs-publisher.ts';
import { control, parkingLot } from '../runtime/adapters.ts';
import { dynamoDBClient, kinesisClient, sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { once } from '../runtime/once.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

const { env } = process;
const logger = new Logger();
const telemetry = new InvocationTelemetry(env, nodeEffects);
const client = dynamoDBClient();
const sqs = sqsClient();
const adapters = {
  publisher: new KinesisPublisher(kinesisClient(), requireEnv(env, 'EVENT_STREAM'), nodeEffects),
  keys: eventLogTable,
  requirePublishable,
  parkingLot: parkingLot(client, env),
  progress: control(client, env),
  observer: powertoolsObserver(logger, loadTracer(env), telemetry),
};
const publishers = queueNames.map((name) => ({
  name,
  publisher: new SqsPublisher(sqs, requireEnv(env, queueUrlVariable(name)), nodeEffects),
}));

/** The queues, each with the event types that it gets. */
const queues = once(async () => {
  const rules = await loadTodoRules();
  return publishers.map(({ name, publisher }) => ({ publisher, eventTypes: eventTypesFor(name, rules) }));
});

/** A commit with an event of one of these types goes to the queue. */
function eventTypesFor(queue: QueueName, rules: readonly TodoRules[]): ReadonlySet<string> {
  return new Set(
    feedsOf(queue).flatMap(({ context, events }) =>
      events === 'rules' ? [...todoEventTypes(rules.filter(({ category }) => category === context))] : events,
    ),
  );
}

/** Publishes the commits in the log's stream to the event stream and the queues. */
async function publish({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  reportLogChanges(Records, adapters);
  const dependencies = { ...adapters, queues: await queues() };
  const { response, published, failed, parked } = await publishBatch(Records, dependencies);
  const correlationIds = [...new Set(published.map(({ correlationId }) => correlationId))];
  telemetry.lag('PublishLag', published);
  logger.info('Published a batch of the log', { commits: published.length, failed, parked, correlationIds });
  return response;
}

export const handler = middy(publish)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));
