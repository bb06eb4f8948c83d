import { aggregateNames, type ContextEntry, contexts, type QueueName } from '../../../schema/contexts.ts';
import { projectorName } from '../../../schema/names.ts';
import { projectorTimeoutSeconds } from '../../../schema/projections.ts';
import { maxReceives } from '../../../schema/queues.ts';
import type { QueueProps } from '../services/queues.ts';
import type { ConsumerName, FunctionName } from '../world/faults.ts';

/** The timeout of each function, in ms, as in the template. */
export const timeoutsMs: Readonly<Record<FunctionName, number>> = {
  api: 29_000,
  publisher: 30_000,
  'ledger-projector': projectorTimeoutSeconds * 1_000,
  'metrics-projector': projectorTimeoutSeconds * 1_000,
  'dispense-projector': projectorTimeoutSeconds * 1_000,
  'person-projector': projectorTimeoutSeconds * 1_000,
  'todo-projector': projectorTimeoutSeconds * 1_000,
  'segment-sealer': 5 * 60_000,
  'prescription-analyzer': 50_000,
  'prescription-recorder': 30_000,
  'person-indexer': 30_000,
  'person-eraser': 60_000,
  'metrics-sweeper': projectorTimeoutSeconds * 1_000,
  rebuilder: 15 * 60_000,
};

/** A record that is older is given up, in ms. */
export const maxRecordAgeMs = 23 * 3_600_000;

/** How the log's stream feeds the publisher. Lambda looks at each shard of DynamoDB Streams four times a second. */
export const publisherFeed = { consumer: 'publisher', batchSize: 100, pollMaxMs: 250 } as const;

/** How the event stream feeds each projector that reads it. Lambda looks at each shard of Kinesis once a second. */
export const projectorFeeds = aggregateNames.map((context) => {
  const { source }: ContextEntry = contexts[context];
  if (source.kind !== 'stream') throw new Error(`${context} does not read the event stream.`);
  return {
    context,
    consumer: projectorName(context) as ConsumerName,
    batchSize: source.batchSize,
    pollMaxMs: 1_000,
  };
});

/** How a queue feeds its consumer. */
export interface QueueFeed {
  readonly queue: QueueName;
  readonly consumer: ConsumerName;
  /** Messages in one invocation. */
  readonly batchSize: number;
  /** Concurrent invocations. */
  readonly maxConcurrency: number;
}

export const queueFeeds: readonly QueueFeed[] = [
  { queue: 'todo', consumer: 'todo-projector', batchSize: 10, maxConcurrency: 5 },
  { queue: 'analysis', consumer: 'prescription-analyzer', batchSize: 1, maxConcurrency: 5 },
  { queue: 'segments', consumer: 'segment-sealer', batchSize: 10, maxConcurrency: 2 },
  { queue: 'findings', consumer: 'prescription-recorder', batchSize: 1, maxConcurrency: 5 },
  { queue: 'unread', consumer: 'prescription-recorder', batchSize: 1, maxConcurrency: 2 },
  { queue: 'persons', consumer: 'person-indexer', batchSize: 10, maxConcurrency: 5 },
  { queue: 'erasures', consumer: 'person-eraser', batchSize: 1, maxConcurrency: 3 },
];

/**
 * What is received from a queue stays hidden for this time, in ms: six times the timeout of the consumer. That of the analyzer is just
 * above the timeout, so that an upload that kills the function is soon recorded.
 */
export function hiddenMs({ queue, consumer }: Pick<QueueFeed, 'queue' | 'consumer'>): number {
  return queue === 'analysis' ? 55_000 : 6 * timeoutsMs[consumer];
}

/** Every work queue. */
export const workQueues: readonly (QueueProps & { readonly name: QueueName })[] = [
  { name: 'todo', maxReceives: maxReceives.todo },
  { name: 'unread', maxReceives: maxReceives.unread },
  { name: 'analysis', maxReceives: maxReceives.analysis, failures: 'unread' },
  { name: 'segments', maxReceives: maxReceives.segments },
  { name: 'findings', maxReceives: maxReceives.findings },
  { name: 'persons', maxReceives: maxReceives.persons },
  { name: 'erasures', maxReceives: maxReceives.erasures },
];
