import type { FinalRow, RecordedHistory, WrittenGeneration } from '../history.ts';
import type { Report } from './check.ts';

/** A written generation, with its rows. */
export interface GenerationRows extends WrittenGeneration {
  readonly rows: readonly FinalRow[];
}

/** The written generations of a read model, with their rows. Reports if not exactly one of them is active, or if rows are of another. */
export function generationsOf(
  { generations, rows }: RecordedHistory,
  context: string,
  report: Report,
): readonly GenerationRows[] {
  const byGeneration = Map.groupBy(
    rows.filter((row) => row.context === context),
    ({ generation }) => generation,
  );
  const named =
    generations?.filter((one) => one.context === context) ??
    [...byGeneration.values()].flatMap(([row]) => row ?? []);
  const active = named.filter(({ isActive }) => isActive);
  if (active.length !== 1) report(`${context} has ${active.length} active generations instead of 1.`);
  for (const generation of byGeneration.keys()) {
    if (named.some((one) => one.generation === generation)) continue;
    report(`${context} has rows in ${generation}, which nobody writes.`);
  }
  return named.map((one) => ({ ...one, rows: byGeneration.get(one.generation) ?? [] }));
}
