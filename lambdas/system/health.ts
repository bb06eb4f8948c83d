import * as z from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { behindMs, type Folding, type ParkingLot, type ProgressBoard } from '../kernel/index.ts';
import { publishedProgress, publisherName } from '../kernel/lambda/index.ts';
import {
  type DestinationSources,
  destinationSchema,
  type ParkedOf,
  readDestinations,
  waitingMs,
} from './destinations.ts';
import type { HeadWatchingLog } from './head-watching-log.ts';
import { type QueueHealthDependencies, queueHealthSchema, readQueueHealth } from './queue-health.ts';
import { ReachableParts } from './reachable-parts.ts';

/**
 * What the health route reads. `progress`: how far consumers are. `parked`: what they set aside. `waiting`: what waits for a
 * destination of the publisher.
 */
const partSchema = z.enum(['log', 'progress', 'parked', 'waiting', 'queues']);
type Parts = ReachableParts<z.output<typeof partSchema>>;

/** Where the health route reads. */
export interface HealthDependencies extends DestinationSources {
  readonly log: HeadWatchingLog;
  readonly progress: ProgressBoard;
  readonly parkingLot: ParkingLot;
  readonly projections: readonly Pick<Folding<never, unknown, unknown>, 'name' | 'category'>[];
  /** Names under which the consumers of queues park. Their lag is shown by queue. */
  readonly queueConsumers: readonly string[];
  readonly queues: QueueHealthDependencies;
  readonly warn: (message: string, error: unknown) => void;
}

/** Parked subjects are counted up to this number. */
const parkedMax = 100;

const consumerSchema = z.object({
  name: z.string(),
  behindMs: z.int().meta({
    description:
      'Lag in ms between the newest known and the newest handled commit, or the oldest commit that a batch could not handle ' +
      'yet. 0: the newest known commit is handled, and so are the older ones, except those that wait to be given to the ' +
      'projector while a later batch of their shard is handled (only where batches of a shard run at the same time), those ' +
      'that are parked, those in `givenUpBatches`, and those that nobody read before the stream deleted them. For all ' +
      'consumers, it does not count unpublished commits of a shard of the log that is behind the other shards. ' +
      'The known commits are the published ones and those that the answering process appended.',
  }),
  lastCommittedAt: z.string().optional().meta({ description: 'Time of the newest handled commit.' }),
  parked: z
    .int()
    .optional()
    .meta({
      description: `Number of parked streams and records, counted up to ${parkedMax}. Absent if it cannot be read.`,
    }),
});

const queueConsumerSchema = z.object({ name: z.string(), parked: consumerSchema.shape.parked });

const healthSchema = z.object({
  status: z.enum(['ok', 'degraded', 'unavailable']).meta({
    description:
      '`ok`: all parts can be read. `degraded`: a queue cannot be read; commands and queries work. `unavailable`: a table ' +
      'cannot be read.',
  }),
  log: z.object({ reachable: z.boolean() }),
  unreachable: z.array(partSchema).optional().meta({
    description:
      'The parts that cannot be read. What they would tell is absent. Commands fail only if `log` is one of them.',
  }),
  publisher: consumerSchema.extend({ destinations: z.array(destinationSchema).optional() }).optional(),
  projectors: z.array(consumerSchema).optional(),
  queueConsumers: z.array(queueConsumerSchema).optional(),
  ...queueHealthSchema.shape,
});

type Consumer = z.output<typeof consumerSchema>;

/** `GET /health`: which parts are reachable, the lag of the publisher and of each projector, and what waits in queues. */
export function healthRoute(dependencies: HealthDependencies): Route {
  return defineRoute({
    method: 'GET',
    path: '/health',
    operationId: 'getHealth',
    summary: 'Whether the log is reachable, and the lag of each consumer',
    tags: ['system'],
    // Uptime checks have no credentials. It shows delays and counts only.
    access: 'open',
    reads: 'nothing',
    answers: {
      200: { description: 'All tables are reachable.', schema: healthSchema },
      503: { description: 'A table is not reachable: see `unreachable`.', schema: healthSchema },
    },
    handle: async () => {
      const parts: Parts = new ReachableParts(dependencies.warn);
      const [, found, queues] = await Promise.all([
        parts.read('log', () => dependencies.log.readCommit('health/check', 1)),
        consumers(dependencies, parts),
        readQueueHealth(dependencies.queues, (read) => parts.read('queues', read)),
      ]);
      const { unreachable } = parts;
      const shown = { log: { reachable: !unreachable.includes('log') }, ...found, ...queues };
      if (unreachable.length === 0)
        return { status: 200 as const, body: { status: 'ok' as const, ...shown } };
      const body = { unreachable: [...unreachable], ...shown };
      return unreachable.every((part) => part === 'queues')
        ? { status: 200 as const, body: { status: 'degraded' as const, ...body } }
        : { status: 503 as const, body: { status: 'unavailable' as const, ...body } };
    },
  });
}

async function consumers(dependencies: HealthDependencies, parts: Parts) {
  const { parkingLot, queueConsumers } = dependencies;
  const parkedOf: ParkedOf = async (consumer) => {
    const parked = await parts.read('parked', () => parkingLot.list(consumer, { limit: parkedMax }));
    return parked && { parked: parked.length };
  };
  const [onStream, queues] = await Promise.all([
    streamConsumers(dependencies, parts, parkedOf),
    Promise.all(queueConsumers.map(async (name) => ({ name, ...(await parkedOf(name)) }))),
  ]);
  return { ...onStream, queueConsumers: queues };
}

/** The publisher and the projectors of the event stream. Undefined if their progress cannot be read. */
async function streamConsumers(dependencies: HealthDependencies, parts: Parts, parkedOf: ParkedOf) {
  const waiting = await parts.read('waiting', () => readDestinations(dependencies, parkedOf));
  return parts.read('progress', () => readProgress(dependencies, parkedOf, waiting));
}

/** Throws if the progress cannot be read. */
async function readProgress(
  { log, progress, projections }: HealthDependencies,
  parkedOf: ParkedOf,
  waiting: Awaited<ReturnType<typeof readDestinations>> | undefined,
) {
  const { destinations, waitingForStream } = waiting ?? { waitingForStream: [] };
  const each = projections.map(async ({ name, category }) => {
    const [published, projected, parked] = await Promise.all([
      progress.read(publishedProgress(category)),
      progress.read(name),
      parkedOf(name),
    ]);
    const newest = log.newestOf(category);
    const { lastCommittedAt } = lastOf(published);
    // Later commits may have been published before one that waits for the event stream.
    const unpublishedMs = Math.max(
      lagMs(newest, lastCommittedAt),
      waitingMs(waitingForStream, category, [newest, lastCommittedAt]),
    );
    const projector: Consumer = {
      name,
      behindMs: unpublishedMs + behindMs(published, projected),
      ...lastOf(projected),
      ...parked,
    };
    return { published, unpublishedMs, projector };
  });
  const [found, parked] = await Promise.all([Promise.all(each), parkedOf(publisherName)]);
  const publisher = {
    name: publisherName,
    behindMs: Math.max(0, ...found.map(({ unpublishedMs }) => unpublishedMs)),
    ...lastOf(found.flatMap(({ published }) => published)),
    ...parked,
    ...(destinations && { destinations }),
  };
  return { publisher, projectors: found.map(({ projector }) => projector) };
}

/** Lag in ms between two instants. 0 if `newest` is unknown; 1 if nothing was handled. */
function lagMs(newest: string | undefined, handled: string | undefined): number {
  if (newest === undefined) return 0;
  if (handled === undefined) return 1;
  return Math.max(0, Date.parse(newest) - Date.parse(handled));
}

function lastOf(shards: readonly { readonly committedAt: string }[]): { lastCommittedAt?: string } {
  const last = shards
    .map(({ committedAt }) => committedAt)
    .sort()
    .at(-1);
  return last === undefined ? {} : { lastCommittedAt: last };
}
