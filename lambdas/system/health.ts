import * as z from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { behindMs, type Folding, type ParkingLot, type ProgressBoard } from '../kernel/index.ts';
import { publishedProgress, publisherName } from '../kernel/lambda/index.ts';
import type { HeadWatchingLog } from './head-watching-log.ts';

/** What the health route reads. */
export interface HealthDependencies {
  readonly log: HeadWatchingLog;
  readonly progress: ProgressBoard;
  readonly parkingLot: ParkingLot;
  readonly projections: readonly Pick<Folding<never, unknown, unknown>, 'name' | 'category'>[];
  /** Names of the consumers of queues. Their lag is a metric of their queues, so only parked records are reported. */
  readonly queueConsumers: readonly string[];
  readonly warn: (message: string, error: unknown) => void;
}

/** Parked subjects are counted up to this number. */
const parkedMax = 100;

const consumerSchema = z.object({
  name: z.string(),
  behindMs: z.int().meta({
    description:
      'Lag in ms between the newest known and the last handled commit. 0: all are handled. The known commits are the ' +
      'published ones and those that the answering process appended.',
  }),
  lastCommittedAt: z.string().optional().meta({ description: 'Time of the newest handled commit.' }),
  parked: z.int().meta({ description: `Number of parked streams and records, counted up to ${parkedMax}.` }),
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

/** `GET /health`: whether the log is reachable, and the lag of the publisher and of each projector. */
export function healthRoute(dependencies: HealthDependencies): Route {
  return defineRoute({
    method: 'GET',
    path: '/health',
    operationId: 'getHealth',
    summary: 'Whether the log is reachable, and the lag of each projector',
    tags: ['system'],
    // Uptime checks have no credentials. It shows delays and counts only.
    access: 'open',
    reads: 'nothing',
    answers: {
      200: { description: 'The log is reachable.', schema: healthSchema },
      503: { description: 'The log is not reachable. Commands fail.', schema: healthSchema },
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
    const unpublishedMs = lagMs(log.newestOf(category), lastOf(published).lastCommittedAt);
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
