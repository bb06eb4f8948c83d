import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  type FedQueueName,
  fedQueueNames,
  feedsOf,
  type publishedQueueNames,
  type QueueName,
} from '../../schema/contexts.ts';
import { Destination, type Effects, eventStreamName } from '../kernel/index.ts';
import { crossesSegment } from '../kernel/segments/index.ts';
import { KinesisPublisher } from '../messaging/kinesis-publisher.ts';
import { encodeSealRequest } from '../messaging/seal-message.ts';
import { SqsPublisher } from '../messaging/sqs-publisher.ts';
import { type TodoRules, todoEventTypes } from './todo-rule.ts';

/** What the publisher sends with, and where. */
export interface PublisherDestinations {
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly effects: Effects;
  /** The name of the event stream. */
  readonly eventStream: string;
  /** URLs of the queues that it sends to. */
  readonly queueUrls: Readonly<Record<(typeof publishedQueueNames)[number], string>>;
  readonly rules: readonly TodoRules[];
}

/**
 * The destinations of the publisher: the event stream, the queues with the event types that they get, and the queue of segments,
 * which gets the name of a stream when a segment of it may be complete.
 */
export function publisherDestinations(to: PublisherDestinations): readonly Destination[] {
  const { kinesis, sqs, effects, queueUrls } = to;
  const ofQueues = fedQueueNames.map(
    (name) =>
      new Destination({
        name,
        publisher: new SqsPublisher(sqs, queueUrls[name], effects),
        eventTypes: eventTypesFor(name, to.rules),
        effects,
      }),
  );
  return [
    new Destination({
      name: eventStreamName,
      publisher: new KinesisPublisher(kinesis, to.eventStream, effects),
      effects,
    }),
    ...ofQueues,
    new Destination({
      name: 'segments' satisfies QueueName,
      publisher: new SqsPublisher(sqs, queueUrls.segments, effects, encodeSealRequest),
      takes: crossesSegment,
      effects,
    }),
  ];
}

/** A commit with an event of one of these types goes to the queue. */
function eventTypesFor(queue: FedQueueName, rules: readonly TodoRules[]): ReadonlySet<string> {
  return new Set(
    feedsOf(queue).flatMap(({ context, events }) =>
      events === 'rules' ? [...todoEventTypes(rules.filter(({ category }) => category === context))] : events,
    ),
  );
}
