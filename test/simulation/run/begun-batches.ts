/** A batch, by the sequence number of its first record of the consumer's category. */
interface Batch {
  readonly first: string;
}

/**
 * The records that a projector has begun to project, of shards with several batches at a time. Progress may be noted beyond a
 * record that still waits for its turn: nobody but Lambda knows of it. Once its batch has begun, it must be noted as unfinished.
 */
export class BegunBatches {
  /** For each consumer, the latest batch with a record. */
  readonly #batches = new Map<string, Map<string, Batch>>();
  /** For each consumer, the latest batch that began with a record. */
  readonly #latest = new Map<string, Map<string, Batch>>();

  /** A projector projects these records, in the order of the shard: it has noted that it begins, or should have. */
  begin(consumer: string, numbers: readonly string[]): void {
    const [first] = numbers;
    if (first === undefined) return;
    const batch = { first };
    const batches = of(this.#batches, consumer);
    for (const number of numbers) batches.set(number, batch);
    of(this.#latest, consumer).set(first, batch);
  }

  has(consumer: string, number: string): boolean {
    return of(this.#batches, consumer).has(number);
  }

  /**
   * The first record of a batch was handled. If the batch had come as a part of an earlier one, which had failed, the rest of
   * that waits for its turn again.
   */
  handled(consumer: string, first: string): void {
    const batches = of(this.#batches, consumer);
    const latest = of(this.#latest, consumer).get(first);
    for (const [number, batch] of batches) {
      if (batch.first === first && batch !== latest) batches.delete(number);
    }
  }
}

function of<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const map = maps.get(key) ?? new Map<string, Value>();
  maps.set(key, map);
  return map;
}
