/**
 * Calls `run` for each item, at most `maxConcurrent` (1 or more) at the same time. After a failure it starts no other
 * item, waits for the running ones, and throws the first error.
 */
export async function forEachConcurrently<Item>(
  items: readonly Item[],
  maxConcurrent: number,
  run: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values();
  const errors: unknown[] = [];
  const worker = async () => {
    // All workers share one iterator.
    for (const item of waiting) {
      if (errors.length > 0) return;
      await run(item).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
