import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import { publishedQueueNames, recordOf } from '../../schema/contexts.ts';
import { queueUrlVariable } from '../../schema/names.ts';
import { eventLogTable } from '../../schema/tables.ts';
import { loadTodoRules } from '../contexts/load-todo-rules.ts';
import { publisherDestinations } from '../contexts/publisher-destinations.ts';
import { drainWaiting, publishBatch, reportLogChanges, republishParked } from '../kernel/lambda/index.ts';
import { requirePublishable } from '../messaging/published-commit.ts';
import * as build from '../runtime/adapters.ts';
import { kinesisClient, sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { once } from '../runtime/once.ts';
import { isRedrive, type RedriveEvent } from '../runtime/redrive-event.ts';

/** Maximum number of parked commits of each destination that one redrive retries. */
const redriveMax = 1_000;
/** Draining and redriving begin no further portion if less time than this is left, in ms. */
const reserveMs = 12_000;

/** A person invokes the function with `{"drain": true}` to publish the waiting commits now, and not in a minute. */
type DrainEvent = { readonly drain: true };
type PublisherEvent = DynamoDBStreamEvent | ScheduledEvent | RedriveEvent | DrainEvent;

const { env } = process;
const runtime = functionRuntime(env);
const { logger, telemetry, observer, platform } = runtime;
const adapters = {
  keys: eventLogTable,
  requirePublishable,
  log: build.eventLog(platform, observer),
  parkingLot: build.parkingLot(platform),
  waitingRoom: build.waitingRoom(platform),
  progress: build.control(platform),
  observer,
  effects: nodeEffects,
};
const settings = {
  kinesis: kinesisClient(),
  sqs: sqsClient(),
  effects: nodeEffects,
  eventStream: requireEnv(env, 'EVENT_STREAM'),
  queueUrls: recordOf(publishedQueueNames, (queue) => requireEnv(env, queueUrlVariable(queue))),
};

/** The event stream, and the queues with the event types that they get. */
const destinations = once(async () => publisherDestinations({ ...settings, rules: await loadTodoRules() }));

/** Publishes the commits in the log's stream, those that wait for a destination, or those that are parked. */
async function publish(event: PublisherEvent, context: Context): Promise<unknown> {
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  if ('Records' in event) return publishRecords(event);
  if (isRedrive(event)) return redrive(hasTime, event.after);
  if (('drain' in event && event.drain === true) || ('source' in event && event.source === 'aws.events')) {
    return drain(hasTime);
  }
  throw new TypeError(
    'The publisher accepts a batch of the log, an event of its schedule, {"drain": true} or {"redrive": true}.',
  );
}

async function publishRecords({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  reportLogChanges(Records, adapters);
  const dependencies = { ...adapters, destinations: await destinations() };
  const { response, published, ...counts } = await publishBatch(Records, dependencies);
  const correlationIds = [...new Set(published.map(({ correlationId }) => correlationId))];
  telemetry.lag('PublishLag', published);
  telemetry.count('Batches');
  telemetry.published(published);
  logger.info('Published a batch of the log', { commits: published.length, ...counts, correlationIds });
  return response;
}

/** Publishes what waits for each destination. A destination that fails does not stop the others. */
async function drain(hasTime: () => boolean) {
  const each = await Promise.allSettled(
    (await destinations()).map((destination) => drainWaiting(destination, adapters, hasTime)),
  );
  const drained = each.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  telemetry.lag(
    'WaitingLag',
    drained.flatMap(({ waiting }) => waiting),
  );
  const results = drained.map(({ waiting: _waiting, ...counts }) => counts);
  if (drained.some(({ waiting }) => waiting.length > 0)) {
    logger.info('Published commits that waited', { results });
  }
  const failure = each.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}

/** Publishes what is parked for each destination again, from `after` on. */
async function redrive(hasTime: () => boolean, after?: string) {
  const all = await destinations();
  const results = await Promise.all(
    all.map((destination) => republishParked(destination, adapters, { limit: redriveMax, hasTime, after })),
  );
  logger.info('Published the parked commits again', { results });
  return results;
}

export const handler = runtime.handler(publish);
