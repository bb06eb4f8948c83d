/** It took too long; another try may be faster. */
export class TookTooLongError extends Error {
  override readonly name = 'TookTooLongError';
}

/** What `work` comes to, or TookTooLongError once the time is up; the work itself goes on until its caller ends it. */
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
