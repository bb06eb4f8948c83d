import type { Repetitions } from './in-turns.ts';

/** Something that measures itself. */
export interface Measured<Sample> {
  readonly name: string;
  run(): Promise<Sample>;
}

/**
 * Runs contenders in turns, like `inTurns`, each turn in another order: so none always comes after the same one. Each measures itself,
 * because it runs in a process of its own. Returns the samples of each, in the order of the contenders and of the turns.
 */
export async function inRotatingTurns<Sample>(
  contenders: readonly Measured<Sample>[],
  { warmUps, counted }: Repetitions,
): Promise<readonly (readonly Sample[])[]> {
  const samples: Sample[][] = contenders.map(() => []);
  for (let turn = -warmUps; turn < counted; turn += 1) {
    for (const index of rotated(contenders.length, turn + warmUps)) {
      const sample = await contenders[index]?.run();
      if (turn >= 0 && sample !== undefined) samples[index]?.push(sample);
    }
  }
  return samples;
}

function rotated(length: number, by: number): number[] {
  return Array.from({ length }, (_, index) => (index + by) % length);
}
