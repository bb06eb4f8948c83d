/** Like `Promise.all`, but waits until every promise has settled before it rejects: no work continues in the background. */
export async function allOrFirstFailure<T extends readonly unknown[]>(
  promises: readonly [...T],
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
