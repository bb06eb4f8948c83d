/**
 * Calls `run` for each item, at most `maxConcurrent` at the same time. After a failure it starts no further item, waits
 * for those that are running, and throws the first error.
 */
export async function forEachConcurrently<Item>(
  items: readonly Item[],
  maxConcurrent: number,
  run: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values();
  const errors: unknown[] = [];
  const worker = async () => {
    // All workers take from the same iterator.
    for (const item of waiting) {
      if (errors.length > 0) return;
      await run(item).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
