/**
 * Runs `make` at the first call and answers its result at every call. A failure is not kept: the next call runs `make`
 * again.
 */
export function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
