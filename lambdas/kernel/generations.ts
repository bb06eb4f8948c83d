/**
 * A generation is one complete copy of a read model's rows: `g1`, `g2` and so on. The state of a read model's generations is one
 * item of the control table. Without an item, `g1` is active and the only one.
 */
export interface GenerationState {
  /** Goes up by one with each change. A change names the revision that it was decided on. */
  readonly revision: number;
  /** The highest number that a generation had. Numbers are never used again. */
  readonly last: number;
  /** Queries read it. */
  readonly active: string;
  /** The active one before the last switch. It is written too, so that the switch can be undone. */
  readonly previous?: string;
  readonly building?: Building;
  /** Generations that nobody reads any more. Their rows are deleted as soon as no projector can still write them. */
  readonly removing?: readonly Removing[];
}

/** A generation that is being built. */
export interface Building {
  readonly generation: string;
  /**
   * `folding`: the log is folded into it, and projectors do not write it yet. `following`: projectors write it too.
   * `compared`: it is complete, and can become active.
   */
  readonly phase: 'folding' | 'following' | 'compared';
  /** Number of parts of the log that are folded at the same time. */
  readonly segments: number;
  /** ISO 8601, UTC, ms. */
  readonly startedAt: string;
  /** When projectors were told to write it: ISO 8601, UTC, ms. */
  readonly followingSince?: string;
}

/** A generation whose rows are to be deleted. */
export interface Removing {
  readonly generation: string;
  /** When it was taken out of use: ISO 8601, UTC, ms. */
  readonly since: string;
}

/** The first generation of every read model. */
export const firstGeneration = 'g1';

/** The state of a read model that was never rebuilt. */
export const initialGenerations: GenerationState = { revision: 0, last: 1, active: firstGeneration };

/** How long a function uses the state that it has read, in ms. */
export const generationCacheMs = 2_000;

/** The generations that projectors write, the active one first. */
export function writtenGenerations({ active, previous, building }: GenerationState): readonly string[] {
  const isFollowing = building !== undefined && building.phase !== 'folding';
  return [
    active,
    ...(previous === undefined ? [] : [previous]),
    ...(isFollowing ? [building.generation] : []),
  ];
}

/** Where the generations of read models are kept. */
export interface GenerationsStore {
  /**
   * The state of a read model, strongly consistent; {@link initialGenerations} if none was stored. Throws
   * `InvalidGenerationsError` if what is stored is not a state.
   */
  read(model: string): Promise<GenerationState>;
  /**
   * Replaces the state `from` by `to`, with the next revision. `conflict`: the state is no longer `from`, and nothing was
   * changed. Throws `InvalidGenerationsError` if `to` is no state.
   */
  change(
    model: string,
    from: GenerationState,
    to: GenerationState,
  ): Promise<
    { readonly outcome: 'changed'; readonly state: GenerationState } | { readonly outcome: 'conflict' }
  >;
}

/** The name of a generation, by its number. */
export function generationName(number: number): string {
  return `g${number}`;
}

/** The number of a generation: 2 for `g2`. Undefined for text that is no name of a generation. */
export function generationNumber(name: string): number | undefined {
  const number = /^g([1-9]\d{0,8})$/.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}
