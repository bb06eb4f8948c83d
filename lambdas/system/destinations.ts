import * as z from 'zod';
import { categoryOfStream, eventStreamName, type WaitingRoom, type WaitingRow } from '../kernel/index.ts';
import { parkedFor } from '../kernel/lambda/index.ts';

/** Waiting commits and parked commits of a destination are counted up to this number. */
const countMax = 100;

export const destinationSchema = z.object({
  name: z.string().meta({ description: 'The event stream or a queue.' }),
  waiting: z.int().meta({
    description: `Number of commits that wait until the destination accepts them, counted up to ${countMax}.`,
  }),
  waitingSince: z.string().optional().meta({ description: 'Time of the oldest commit that waits.' }),
  parked: z
    .int()
    .optional()
    .meta({
      description: `Number of commits that the destination refused for good, counted up to ${countMax}. Absent if it cannot be read.`,
    }),
});

/** What reading the state of destinations needs. */
export interface DestinationSources {
  readonly waitingRoom: WaitingRoom;
  /** Names of the queues that the publisher sends to. */
  readonly destinationQueues: readonly string[];
}

/** The number of entries that a consumer has parked, as a field of an answer; undefined if it cannot be read. */
export type ParkedOf = (consumer: string) => Promise<{ readonly parked: number } | undefined>;

/** The state of each destination of the publisher, and what waits for the event stream. */
export async function readDestinations(
  { waitingRoom, destinationQueues }: DestinationSources,
  parkedOf: ParkedOf,
) {
  const each = [eventStreamName, ...destinationQueues].map(async (name) => {
    const [rows, parked] = await Promise.all([waitingRoom.oldest(name, countMax), parkedOf(parkedFor(name))]);
    const waitingSince = rows[0]?.committedAt;
    const destination = {
      name,
      waiting: rows.length,
      ...(waitingSince !== undefined && { waitingSince }),
      ...parked,
    };
    return { destination, rows };
  });
  const found = await Promise.all(each);
  return {
    destinations: found.map(({ destination }) => destination),
    waitingForStream: found[0]?.rows ?? [],
  };
}

/**
 * How much older than the newest known time of a category the oldest one is that waits for the event stream, in ms: at
 * least 1, or 0 if none waits. More commits may wait than were read: they are not older than the last one.
 */
export function waitingMs(
  rows: readonly WaitingRow[],
  category: string,
  known: readonly (string | undefined)[],
): number {
  const isOfCategory = ({ stream }: WaitingRow) => categoryOfStream(stream) === category;
  const oldest = rows.find(isOfCategory) ?? (rows.length >= countMax ? rows.at(-1) : undefined);
  if (oldest === undefined) return 0;
  const newest =
    [...known.map((time) => time ?? ''), ...rows.map(({ committedAt }) => committedAt)].sort().at(-1) ?? '';
  return Math.max(1, Date.parse(newest) - Date.parse(oldest.committedAt) || 0);
}
