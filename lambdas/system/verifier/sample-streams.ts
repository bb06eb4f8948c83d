import { categoryOfStream, type Effects, type StreamName, streamName } from '../../kernel/index.ts';
import type { PartitionPage, Partitions } from '../../kernel/verify/index.ts';
import type { ActiveModel } from './verified-model.ts';

/** Streams that are taken at each random place. More would be neighbours; fewer cost more calls. */
const perPlace = 4;

/**
 * Streams of a read model, at random places of the log and of its rows in turn: so it finds streams without rows, and rows without
 * streams. At most `count`, and fewer if most of the log belongs to other contexts. Large streams are as likely as small ones.
 */
export async function sampleStreams(
  log: Partitions,
  model: ActiveModel,
  { count, newId, random }: { readonly count: number } & Pick<Effects, 'newId' | 'random'>,
): Promise<readonly StreamName[]> {
  const found = new Set<StreamName>();
  const add = (stream: StreamName | undefined) => {
    if (stream !== undefined && found.size < count) found.add(stream);
  };
  for (let places = 0; places < count && found.size < count; places += 1) {
    // The name hardly matters where the order is that of hashes.
    const category = model.categories[Math.floor(random() * model.categories.length)] ?? '';
    const place = streamName(category, newId());
    if (places % 2 === 0) {
      const { partitions } = await randomPage(log, place);
      for (const stream of partitions) {
        if (model.categories.includes(categoryOfStream(stream))) add(stream as StreamName);
      }
    } else {
      const { generation } = model;
      const { partitions } = await randomPage(model.partitions, model.partitionOf(generation, place));
      for (const partition of partitions) add(model.streamOf(generation, partition));
    }
  }
  return [...found];
}

/** A page after a random place. From the end, it goes on at the beginning. */
async function randomPage(partitions: Partitions, place: string): Promise<PartitionPage> {
  const page = await partitions.after(place, perPlace);
  return page.partitions.length === 0 ? partitions.after(undefined, perPlace) : page;
}
