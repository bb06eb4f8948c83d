/** One of several ways to do the same thing. */
export interface Contender {
  readonly name: string;
  /** Number of items that a run handles, if the table shows a rate. */
  readonly count?: number;
  /** Does it once. Every call does the same amount of work. */
  run(): Promise<unknown>;
}

/** How often each contender runs. */
export interface Repetitions {
  /** Runs that are not counted. */
  readonly warmUps: number;
  readonly counted: number;
}

/**
 * Runs contenders in turns: the first, the second and so on, and then the first again. So a slow minute of the machine is slow for
 * all of them. Returns the durations of each in ms, in the order of the contenders. `node --expose-gc` collects garbage before each
 * run: none pays for the garbage of another.
 */
export async function inTurns(
  contenders: readonly Contender[],
  { warmUps, counted }: Repetitions,
): Promise<readonly (readonly number[])[]> {
  const durations: number[][] = contenders.map(() => []);
  for (let turn = -warmUps; turn < counted; turn += 1) {
    for (const [index, contender] of contenders.entries()) {
      globalThis.gc?.();
      const startedAt = performance.now();
      await contender.run();
      const ms = performance.now() - startedAt;
      if (turn >= 0) durations[index]?.push(ms);
    }
  }
  return durations;
}
