/**
 * A function that runs `create` at the first call and returns the same result at every call. If `create` fails, the next
 * call runs it again.
 */
export function once<Result>(create: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= create().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
