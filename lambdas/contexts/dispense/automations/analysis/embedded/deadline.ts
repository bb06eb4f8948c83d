/** Thrown at a timeout. Another attempt may be faster. */
export class TookTooLongError extends Error {
  override readonly name = 'TookTooLongError';
}

/** The result of `work`. Rejects with TookTooLongError after `limitMs` ms. It does not stop the work: the caller does. */
export async function within<Result>(limitMs: number, what: string, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TookTooLongError(`${what} took more than ${limitMs} ms.`)), limitMs);
  });
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
