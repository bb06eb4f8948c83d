import * as z from 'zod';
import type { EventLog } from '../eventsourcing/event-log/event-log.ts';
import type { ParkingLot } from '../eventsourcing/projecting/parking.ts';
import { behindMs, type ProgressBoard } from '../eventsourcing/projecting/progress.ts';
import type { Projection } from '../eventsourcing/projecting/projection.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { publishedProgress, publisherName } from '../messaging/publish-batch.ts';

export interface HealthDependencies {
  readonly log: EventLog;
  readonly progress: ProgressBoard;
  readonly parkingLot: ParkingLot;
  readonly projections: readonly Pick<Projection<unknown, unknown>, 'name' | 'category'>[];
  readonly warn: (message: string, error: unknown) => void;
}

/** Parked subjects are counted up to here. */
const parkedMax = 100;

const consumerSchema = z.object({
  name: z.string(),
  behindMs: z.int().optional().meta({
    description:
      'How much later the newest published commit was made than the last one handled; 0: all handled.',
  }),
  lastCommittedAt: z.string().optional().meta({ description: 'When the newest commit handled was made.' }),
  parked: z.int().meta({ description: `Streams and records set aside, counted up to ${parkedMax}.` }),
});

const healthSchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  log: z.object({ reachable: z.boolean() }),
  publisher: consumerSchema.optional(),
  projectors: z.array(consumerSchema).optional(),
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

async function consumers({ progress, parkingLot, projections }: HealthDependencies) {
  const parkedOf = async (consumer: string) => (await parkingLot.list(consumer, { limit: parkedMax })).length;
  const each = projections.map(async ({ name, category }) => {
    const [published, projected, parked] = await Promise.all([
      progress.read(publishedProgress(category)),
      progress.read(name),
      parkedOf(name),
    ]);
    const projector: Consumer = {
      name,
      behindMs: behindMs(published, projected),
      ...lastOf(projected),
      parked,
    };
    return { published, projector };
  });
  const found = await Promise.all(each);
  const publisher: Consumer = {
    name: publisherName,
    ...lastOf(found.flatMap(({ published }) => published)),
    parked: await parkedOf(publisherName),
  };
  return { publisher, projectors: found.map(({ projector }) => projector) };
}

function lastOf(shards: readonly { readonly committedAt: string }[]): { lastCommittedAt?: string } {
  const last = shards
    .map(({ committedAt }) => committedAt)
    .sort()
    .at(-1);
  return last === undefined ? {} : { lastCommittedAt: last };
}
