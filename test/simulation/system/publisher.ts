import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type TodoRules, todoEventTypes } from '../../../lambdas/contexts/todo-rule.ts';
import { Destination, eventStreamName } from '../../../lambdas/kernel/index.ts';
import { drainWaiting, publishBatch, republishParked } from '../../../lambdas/kernel/lambda/index.ts';
import { crossesSegment } from '../../../lambdas/kernel/segments/index.ts';
import { KinesisPublisher } from '../../../lambdas/messaging/kinesis-publisher.ts';
import { requirePublishable } from '../../../lambdas/messaging/published-commit.ts';
import { encodeSealRequest } from '../../../lambdas/messaging/seal-message.ts';
import { SqsPublisher } from '../../../lambdas/messaging/sqs-publisher.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import { type FedQueueName, fedQueueNames, feedsOf } from '../../../schema/contexts.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import type { Instance } from '../world/instance.ts';
import { definitionsIn } from './definitions.ts';
import type { Handler } from './handler.ts';
import { observerOf } from './observer.ts';
import { eventStreamResource, queueUrl } from './tables.ts';

/** Draining and redriving begin no further portion if less time than this is left, in ms. */
const reserveMs = 12_000;
const redriveMax = 1_000;

/** What a schedule or a person sends. */
type Asked = { readonly drain: true } | { readonly redrive: true };

/** The function `publisher`. */
export function composePublisher(instance: Instance, platform: build.Platform): Handler {
  const { effects } = platform;
  const observer = observerOf(instance);
  const adapters = {
    keys: eventLogTable,
    requirePublishable,
    log: build.eventLog(platform, observer),
    parkingLot: build.parkingLot(platform),
    waitingRoom: build.waitingRoom(platform),
    progress: build.control(platform),
    observer,
    effects,
  };
  const destinations = destinationsOf(instance);
  return async (event, { remainingMs }) => {
    const hasTime = () => remainingMs() > reserveMs;
    const asked = event as DynamoDBStreamEvent | Asked;
    if ('Records' in asked)
      return (await publishBatch(asked.Records, { ...adapters, destinations })).response;
    if ('redrive' in asked) {
      const range = { limit: redriveMax, hasTime };
      return Promise.all(destinations.map((destination) => republishParked(destination, adapters, range)));
    }
    const each = await Promise.allSettled(
      destinations.map((destination) => drainWaiting(destination, adapters, hasTime)),
    );
    const failure = each.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    return each.length;
  };
}

/** The event stream, the queues with the event types that they get, and the queue of segments. */
function destinationsOf({ clients, effects, version }: Instance): readonly Destination[] {
  const queue = (name: FedQueueName) => ({
    name,
    publisher: new SqsPublisher(clients.sqs, queueUrl(name), effects),
    eventTypes: eventTypesFor(name, definitionsIn(version).todoRules),
    effects,
  });
  return [
    new Destination({
      name: eventStreamName,
      publisher: new KinesisPublisher(clients.kinesis, eventStreamResource, effects),
      effects,
    }),
    ...fedQueueNames.map((name) => new Destination(queue(name))),
    new Destination({
      name: 'segments',
      publisher: new SqsPublisher(clients.sqs, queueUrl('segments'), effects, encodeSealRequest),
      takes: crossesSegment,
      effects,
    }),
  ];
}

function eventTypesFor(queue: FedQueueName, rules: readonly TodoRules[]): ReadonlySet<string> {
  return new Set(
    feedsOf(queue).flatMap(({ context, events }) =>
      events === 'rules' ? [...todoEventTypes(rules.filter(({ category }) => category === context))] : events,
    ),
  );
}
