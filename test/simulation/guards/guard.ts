import type { Focus } from '../run/planning/temper.ts';

/** A change of one source file, by its text. */
export interface Change {
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** A guard of the system, and the change that removes it. */
export interface Guard {
  /** Unique. */
  readonly name: string;
  /** What it guards, in a sentence. */
  readonly what: string;
  /** From the root of the project. */
  readonly file: string;
  readonly changes: readonly Change[];
  /** Seeds within which a run must find that it is missing. Default: {@link usualBudget}. */
  readonly budget?: number;
  /** Seeds that have found it. They run first, so that a proof is fast. If none of them finds it any more, all others follow. */
  readonly hints?: readonly number[];
  /** What a history that finds it is mostly about. Those seeds run after the hints, and before the rest. */
  readonly focus?: Focus;
  /** Why no history finds that it is missing. */
  readonly unfound?: Unfound;
}

/**
 * `speed`: without it, everything is right but slower; the code says so beside it. `second`: a second line of defence, behind another
 * guard; the code says so beside it. `elsewhere`: no history needs it; the named spec finds that it is missing.
 */
export type Unfound =
  | { readonly speed: string }
  | { readonly second: string }
  | { readonly elsewhere: string; readonly why: string };

export const usualBudget = 2_000;

/** The guard does not fit the source any more: somebody changed that. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError';
}

/** The source without the guard. Throws {@link MisfitError} if a text to replace does not occur exactly once. */
export function withoutGuard({ name, file, changes }: Guard, source: string): string {
  return changes.reduce((text, { find, replace }) => {
    const count = text.split(find).length - 1;
    if (count === 1) return text.replace(find, () => replace);
    throw new MisfitError(
      `The patch that removes the guard "${name}" no longer fits ${file}: this occurs ${count} times, not once:\n${find}`,
    );
  }, source);
}
