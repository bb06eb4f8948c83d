import {
  type BatchProgress,
  type BatchProgressBoard,
  isBefore,
  type NotedProgress,
  type ShardProgress,
} from '../progress.ts';

/** A progress board in memory, for specs and small tools. */
export class MemoryProgressBoard implements BatchProgressBoard {
  readonly #reached = new Map<string, ShardProgress>();
  readonly #unfinished = new Map<string, ShardProgress>();

  async note(consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    for (const one of progress) {
      const key = `${consumer} ${one.shardId}`;
      const present = this.#reached.get(key);
      if (present === undefined || isBefore(present, one)) this.#reached.set(key, one);
    }
  }

  async noteBegin(consumer: string, first: ShardProgress): Promise<NotedProgress | undefined> {
    const { shardId } = first;
    this.#unfinished.set(`${consumer} ${shardId} ${first.sequenceNumber}`, first);
    return (await this.read(consumer)).find((noted) => noted.shardId === shardId);
  }

  async noteBatch(consumer: string, { reached, handled, unfinished, shardId }: BatchProgress): Promise<void> {
    if (reached) await this.note(consumer, [reached]);
    if (unfinished) this.#unfinished.set(`${consumer} ${shardId} ${unfinished.sequenceNumber}`, unfinished);
    for (const sequenceNumber of handled) this.#unfinished.delete(`${consumer} ${shardId} ${sequenceNumber}`);
  }

  async read(consumer: string): Promise<NotedProgress[]> {
    return [...this.#reached].flatMap(([key, reached]) => {
      if (key !== `${consumer} ${reached.shardId}`) return [];
      const unfinished = [...this.#unfinished]
        .filter(([mark]) => mark.startsWith(`${key} `))
        .map(([, { sequenceNumber, committedAt }]) => ({ sequenceNumber, committedAt }));
      return [{ ...reached, ...(unfinished.length > 0 && { unfinished }) }];
    });
  }
}
