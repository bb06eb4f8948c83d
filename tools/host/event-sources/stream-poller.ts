import { messageOf } from '../user-error.ts';
import { pause } from './backoff.ts';
import { ShardReader, type ShardReaderOptions } from './shard-reader.ts';
import type { Shard, ShardPosition, StreamSource } from './stream-source.ts';

/** How often a stream is asked for its shards when none is being read. */
const relistMs = 1_000;

/** Reads all shards of a stream, each after its parents, until the signal aborts. */
export async function pollStream(
  source: StreamSource,
  shared: Omit<ShardReaderOptions, 'source' | 'shardId' | 'startingPosition'>,
): Promise<void> {
  const { signal, mapping, warn } = shared;
  const running = new Map<string, Promise<void>>();
  const finished = new Set<string>();
  let startingPosition: ShardPosition = mapping.startingPosition;
  while (!signal.aborted) {
    const shards = await listShards(source, warn);
    for (const shard of shards.filter((candidate) => isReadable(candidate, shards, finished))) {
      if (running.has(shard.id) || finished.has(shard.id)) continue;
      const reader = new ShardReader({ ...shared, source, shardId: shard.id, startingPosition });
      const end = () => {
        running.delete(shard.id);
        finished.add(shard.id);
      };
      running.set(shard.id, reader.run().then(end));
    }
    // Shards that appear later are children: nothing in them may be skipped.
    if (shards.length > 0) startingPosition = 'TRIM_HORIZON';
    await Promise.race([...running.values(), ...(running.size === 0 ? [pause(relistMs, signal)] : [])]);
  }
  await Promise.all(running.values());
}

async function listShards(source: StreamSource, warn: (line: string) => void): Promise<Shard[]> {
  try {
    return await source.listShards();
  } catch (error) {
    warn(`The shards of a stream cannot be listed: ${messageOf(error)}`);
    return [];
  }
}

/** Parents that are no longer listed have expired, and nothing is left to read in them. */
function isReadable({ parentIds }: Shard, shards: readonly Shard[], finished: ReadonlySet<string>): boolean {
  return parentIds.every((id) => finished.has(id) || !shards.some((shard) => shard.id === id));
}
