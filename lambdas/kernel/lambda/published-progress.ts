import type { Observer } from '../observer.ts';
import type { ProgressBoard } from '../progress.ts';
import type { StreamPosition } from '../publishing.ts';
import { publisherName } from './deliver.ts';

/** The name under which the publisher notes its progress with one category. */
export function publishedProgress(category: string): string {
  return `${publisherName}/${category}`;
}

/** What noting the publisher's progress needs. */
export interface ProgressDependencies {
  readonly progress: ProgressBoard;
  readonly observer: Observer;
}

/** Notes the last published commits of each category. A failure only causes a warning. */
export async function notePositions(
  positions: readonly StreamPosition[],
  { progress, observer }: ProgressDependencies,
): Promise<void> {
  const byCategory = Map.groupBy(positions, ({ category }) => category);
  const notes = [...byCategory].map(async ([category, reached]) => {
    try {
      await progress.note(publishedProgress(category), reached);
    } catch (error) {
      observer.warn('The progress of the publisher could not be noted.', { category, error });
    }
  });
  await Promise.all(notes);
}

/**
 * Notes the positions of commits that were published late. Their times are older than those of other commits, which were
 * published before: a shard keeps its newest time, so that health does not report those as unpublished.
 */
export async function noteLatePositions(
  positions: readonly StreamPosition[],
  dependencies: ProgressDependencies,
): Promise<void> {
  const late = positions.map(async (position): Promise<StreamPosition> => {
    const noted = await notedTime(position, dependencies);
    return noted !== undefined && noted > position.committedAt
      ? { ...position, committedAt: noted }
      : position;
  });
  await notePositions(await Promise.all(late), dependencies);
}

/** The noted time of a category in a shard; undefined if it is unknown. */
async function notedTime(
  { category, shardId }: StreamPosition,
  { progress, observer }: ProgressDependencies,
): Promise<string | undefined> {
  try {
    const shards = await progress.read(publishedProgress(category));
    return shards.find((shard) => shard.shardId === shardId)?.committedAt;
  } catch (error) {
    observer.warn('The progress of the publisher could not be read.', { category, error });
    return undefined;
  }
}
