import * as z from 'zod';

/** The number of messages in a queue, approximately: SQS counts within about a minute. */
export interface QueueDepth {
  /** Messages that can be received. */
  readonly waiting: number;
  /** Messages that were received and are not deleted yet. */
  readonly inProgress: number;
}

/** The queues that health shows, and how to read one. */
export interface QueueHealthDependencies {
  readonly depthOf: (queueUrl: string) => Promise<QueueDepth>;
  readonly workQueues: readonly {
    readonly name: string;
    readonly url: string;
    /** The URL of the queue of messages that failed too often. */
    readonly failuresUrl: string;
  }[];
  /** The URL of the queue with a notice of each batch of a stream that was given up. */
  readonly givenUpNoticesUrl: string;
}

const workQueueSchema = z.object({
  name: z.string(),
  waiting: z
    .int()
    .meta({ description: 'Approximate number of messages that the consumer has not received yet.' }),
  inProgress: z.int().meta({
    description:
      'Approximate number of messages that the consumer has received and not handled yet: it handles them now, or they ' +
      'failed and come again, after at most 15 minutes.',
  }),
  givenUp: z.int().meta({
    description:
      'Approximate number of messages that failed too often. The read model misses them, or what was read in a document was ' +
      'not recorded, until a person moves them back. SQS deletes them 14 days after they were sent. Those of `analysis` are ' +
      'also in the queue `unread`: it is recorded that their document was not read.',
  }),
});

/** What health shows of the queues. A queue that cannot be read is absent. */
export const queueHealthSchema = z.object({
  queues: z.array(workQueueSchema).optional().meta({
    description:
      'The work queues. A consumer has handled everything that was sent to it if all three numbers are 0.',
  }),
  givenUpBatches: z
    .int()
    .optional()
    .meta({
      description:
        'Approximate number of batches of streams that were given up, of all consumers, and that no person has handled: the ' +
        'notices of the failure bucket. While it is not 0, rows may miss commits although `behindMs` is 0. SQS deletes a ' +
        'notice after 14 days.',
    }),
});

/** Reads the depths of all queues at the same time. `tryRead` returns undefined for a queue that cannot be read. */
export async function readQueueHealth(
  { depthOf, workQueues, givenUpNoticesUrl }: QueueHealthDependencies,
  tryRead: <Value>(read: () => Promise<Value>) => Promise<Value | undefined>,
) {
  const countOf = async (url: string) => {
    const { waiting, inProgress } = await depthOf(url);
    return waiting + inProgress;
  };
  const each = workQueues.map(({ name, url, failuresUrl }) =>
    tryRead(async () => {
      const [depth, givenUp] = await Promise.all([depthOf(url), countOf(failuresUrl)]);
      return { name, ...depth, givenUp };
    }),
  );
  const [queues, givenUpBatches] = await Promise.all([
    Promise.all(each),
    tryRead(() => countOf(givenUpNoticesUrl)),
  ]);
  return {
    queues: queues.filter((queue) => queue !== undefined),
    ...(givenUpBatches !== undefined && { givenUpBatches }),
  };
}
