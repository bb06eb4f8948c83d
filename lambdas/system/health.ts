import * as z from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { behindMs, type Folding, type ParkingLot, type ProgressBoard } from '../kernel/index.ts';
import { publishedProgress, publisherName } from '../kernel/lambda/index.ts';
import type { HeadWatchingLog } from './head-watching-log.ts';

export interface HealthDependencies {
  readonly log: HeadWatchingLog;
  readonly progress: ProgressBoard;
  readonly parkingLot: ParkingLot;
  readonly projections: readonly Pick<Folding<never, unknown, unknown>, 'name' | 'category'>[];
  /** What consumers of queues park under. How far they are, their queues tell. */
  readonly queueConsumers: readonly string[];
  readonly warn: (message: string, error: unknown) => void;
}

/** Parked subjects are counted up to here. */
const parkedMax = 100;

const consumerSchema = z.object({
  name: z.string(),
  behindMs: z.int().meta({
    description:
      'How much later the newest commit known was made than the last one handled; 0: all handled. Known is what was ' +
      'published, and what the process that answers has committed itself.',
  }),
  lastCommittedAt: z.string().optional().meta({ description: 'When the newest commit handled was made.' }),
  parked: z.int().meta({ description: `Streams and records set aside, counted up to ${parkedMax}.` }),
});

const queueConsumerSchema = z.object({ name: z.string(), parked: consumerSchema.shape.parked });

const healthSchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  log: z.object({ reachable: z.boolean() }),
  publisher: consumerSchema.optional(),
  projectors: z.array(consumerSchema).optional(),
  queueConsumers: z.array(queueConsumerSchema).optional(),
});

type Consumer = z.output<typeof consumerSchema>;

/** `GET /health`: is the log reachable, and how far behind it are publisher and projectors. */
export function healthRoute(dependencies: HealthDependencies): Route {
  return defineRoute({
    method: 'GET',
    path: '/health',
    operationId: 'getHealth',
    summary: 'Is the log reachable, how far behind is each projector',
    tags: ['system'],
    answers: {
      200: { description: 'The log is reachable.', schema: healthSchema },
      503: { description: 'It is not: commands fail.', schema: healthSchema },
    },
    handle: async () => {
      try {
        await dependencies.log.readCommit('health/check', 1);
        return {
          status: 200 as const,
          body: { status: 'ok' as const, log: { reachable: true }, ...(await consumers(dependencies)) },
        };
      } catch (error) {
        dependencies.warn('The health check could not read the tables.', error);
        return { status: 503 as const, body: { status: 'unavailable' as const, log: { reachable: false } } };
      }
    },
  });
}

async function consumers({ log, progress, parkingLot, projections, queueConsumers }: HealthDependencies) {
  const parkedOf = async (consumer: string) => (await parkingLot.list(consumer, { limit: parkedMax })).length;
  const each = projections.map(async ({ name, category }) => {
    const [published, projected, parked] = await Promise.all([
      progress.read(publishedProgress(category)),
      progress.read(name),
      parkedOf(name),
    ]);
    const unpublishedMs = msBehind(log.newestOf(category), lastOf(published).lastCommittedAt);
    const projector: Consumer = {
      name,
      behindMs: unpublishedMs + behindMs(published, projected),
      ...lastOf(projected),
      parked,
    };
    return { published, unpublishedMs, projector };
  });
  const [found, publisherParked, queues] = await Promise.all([
    Promise.all(each),
    parkedOf(publisherName),
    Promise.all(queueConsumers.map(async (name) => ({ name, parked: await parkedOf(name) }))),
  ]);
  const publisher: Consumer = {
    name: publisherName,
    behindMs: Math.max(0, ...found.map(({ unpublishedMs }) => unpublishedMs)),
    ...lastOf(found.flatMap(({ published }) => published)),
    parked: publisherParked,
  };
  return {
    publisher,
    projectors: found.map(({ projector }) => projector),
    queueConsumers: queues,
  };
}

/** How much later the newest commit was made than the last one handled; at least 1 where none was handled at all. */
function msBehind(newest: string | undefined, handled: string | undefined): number {
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
