/** Works on every item, so many at the same time; rejects with the first error when all lanes have come to rest. */
export async function inLanes<Item>(
  items: Iterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  // Shared by all lanes: each takes the next item that none has taken.
  const waiting = items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    while (!failed) {
      const next = waiting.next();
      if (next.done) return;
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const running = Array.from({ length: lanes }, lane);
  await Promise.allSettled(running);
  await Promise.all(running);
}
