import { messageOf } from '../user-error.ts';
import { pause } from './backoff.ts';
import { ShardReader, type ShardReaderOptions } from './shard-reader.ts';
import type { Shard, StreamSource } from './stream-source.ts';

/** How often a stream's shards are listed while none is being read. */
const relistMs = 1_000;

/** Reads all shards of a stream, each after its parents, until the signal aborts. */
export async function pollStream(options: Omit<ShardReaderOptions, 'shardId'>): Promise<void> {
  const { source, signal, warn } = options;
  const running = new Map<string, Promise<void>>();
  const finished = new Set<string>();
  while (!signal.aborted) {
    const shards = await listShards(source, warn);
    for (const shard of shards.filter((candidate) => isReadable(candidate, shards, finished))) {
      if (running.has(shard.id) || finished.has(shard.id)) continue;
      const reader = new ShardReader({ ...options, shardId: shard.id });
      const end = () => {
        running.delete(shard.id);
        finished.add(shard.id);
      };
      running.set(shard.id, reader.run().then(end));
    }
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

/** Parents that are no longer listed have expired: they hold no records to read. */
function isReadable({ parentIds }: Shard, shards: readonly Shard[], finished: ReadonlySet<string>): boolean {
  return parentIds.every((id) => finished.has(id) || !shards.some((shard) => shard.id === id));
}
