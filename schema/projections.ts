/**
 * What the functions `rebuilder` and `verifier` can be asked, and what they answer: one JSON object per invocation. The state
 * machine and the command line (`npm run projections`) both send these. `lambdas/` answers them.
 */
import type { ContextName } from './contexts.ts';

/** The name of a read model: that of its context. */
export type ReadModelName = ContextName;

/** Names of the functions, without the stage. */
export const rebuilderName = 'rebuilder';
export const verifierName = 'verifier';

/** Number of parts in which a generation that was given up is deleted. */
export const removalSegments = 4;

/** How long `hold` holds a build for a run, in ms. */
export const buildHoldMs = 10_000;

/** Timeout of a projector, in seconds. No other function that writes rows has a longer one. */
export const projectorTimeoutSeconds = 60;

/** A request to `rebuilder`. Each is safe to repeat. */
export type RebuilderRequest =
  /** The generations of every read model, and how far a build is. Answers a list of `ReadModelStatus`. */
  | { readonly action: 'status' }
  /**
   * Names a new generation. Refused while another one is being built, unless it is resumed: with `resume`, the answer is the one
   * that is being built.
   */
  | {
      readonly action: 'begin';
      readonly readModel: ReadModelName;
      /** Parts of the log that are folded at the same time, 1 to 64. */
      readonly segments: number;
      readonly resume?: boolean;
    }
  /**
   * Holds the build for a run of the command line, for `buildHoldMs`: a run that works on it asks again in time, so another can tell
   * it from one that was killed. Answers the status. Refused while another owner holds the build, and if the generation is not
   * being built. It stops nobody: steps of two runs at the same time do no harm.
   */
  | (BuildRequest<'hold'> & {
      /** A random text for each run. */
      readonly owner: string;
    })
  /** Folds one part of the log. Repeat until `done`. */
  | SegmentRequest<'fold'>
  /** From now on projectors write the new generation too. Refused until all parts are folded. */
  | BuildRequest<'follow'>
  /** Compares one part of the rows, and catches up what is behind. Refused before `readyAt` of `follow`. Repeat until `done`. */
  | SegmentRequest<'compare'>
  /** Ends the comparison. Refused until all parts are compared. From then on `switch` is possible. */
  | BuildRequest<'finish'>
  /**
   * The built generation becomes active; the active one stays written, for `undo`. Refused before `finish`. With `generation`, it is
   * refused for another one, and repeating it changes nothing.
   */
  | { readonly action: 'switch'; readonly readModel: ReadModelName; readonly generation?: string }
  /** The previous generation becomes active again, and the active one previous. */
  | { readonly action: 'undo'; readonly readModel: ReadModelName }
  /** Gives up the generation that is being built. Its rows are deleted by `remove`. */
  | { readonly action: 'discard'; readonly readModel: ReadModelName }
  /** Gives up the previous generation. Its rows are deleted by `remove`. */
  | { readonly action: 'drop'; readonly readModel: ReadModelName }
  /** Deletes rows of a generation that was given up. Refused before its `removableAt`. Repeat until `done`. */
  | SegmentRequest<'remove'>
  /** Folds one stream from nothing and replaces what is stored of it, in every generation that projectors write. */
  | { readonly action: 'repair'; readonly stream: string }
  /**
   * Deletes all snapshots and all sealed segments. Both are derived from the log, and are made again. After the log was restored
   * from a backup they may be ahead of it, or of another history, and then commands on their streams are refused. Works until its
   * time budget. Repeat with `cursor` until none is returned.
   */
  | { readonly action: 'forget'; readonly cursor?: string };

interface BuildRequest<Action extends string> {
  readonly action: Action;
  readonly readModel: ReadModelName;
  readonly generation: string;
}

interface SegmentRequest<Action extends string> extends BuildRequest<Action> {
  /** From 0. */
  readonly segment: number;
}

/** What an invocation that works on a part answers. All counts are of the part since its beginning. */
export interface SegmentProgress {
  readonly done: boolean;
  /** Events that were folded. */
  readonly events: number;
  readonly streams: number;
  /** Rows that were written, compared or deleted. */
  readonly rows: number;
  /** Lines that were written or deleted. */
  readonly lines: number;
  /** Rows that were behind and were caught up. */
  readonly caughtUp: number;
  /** Rows that differ from the active generation, by the name of the field. A changed projection makes differences. */
  readonly differences: Readonly<Record<string, number>>;
  /** Streams that cannot be folded: they were parked. */
  readonly parked: number;
  /** Part of this segment that is done, 0 to 1, as far as it can be estimated. */
  readonly fraction?: number;
}

/** The state of one read model, as `status` and every change of it answer. */
export interface ReadModelStatus {
  readonly readModel: ReadModelName;
  readonly active: string;
  readonly previous?: string;
  readonly building?: {
    readonly generation: string;
    readonly phase: 'folding' | 'following' | 'compared';
    readonly segments: number;
    readonly startedAt: string;
    /** When `compare` may begin: ISO 8601, UTC, ms. Present from `following` on. */
    readonly readyAt?: string;
    /** Until when a run holds the build. Absent: none has held it. */
    readonly heldUntil?: string;
    /** Of each part, in their order. Those of `fold`, from `following` on those of `compare`. */
    readonly progress: readonly SegmentProgress[];
  };
  readonly removing: readonly {
    readonly generation: string;
    readonly removableAt: string;
    /** Number of parts that `remove` is asked for. */
    readonly segments: number;
  }[];
  /** Parked streams and records, at most 100 counted. */
  readonly parked: number;
}

/** What `repair` answers. */
export interface RepairReport {
  readonly stream: string;
  readonly readModel: ReadModelName;
  /** Version of the stream. */
  readonly version: number;
  readonly events: number;
  /** For each generation that is written. */
  readonly generations: readonly StreamDifferences[];
}

/** What `forget` answers. All counts are of this invocation. */
export interface ForgetReport {
  readonly snapshots: number;
  /** Parts of sealed segments. */
  readonly segments: number;
  /** Present if there may be more. */
  readonly cursor?: string;
}

/** What differs between a stream's stored row and lines and a fold of its events. */
export interface StreamDifferences {
  readonly generation: string;
  readonly stream: string;
  /** Names of fields of the row. `(missing)`: there is no row. `(version)`: the row names a version that the stream does not have. */
  readonly fields: readonly string[];
  /** Number of lines that are missing, surplus or different. */
  readonly lines: number;
}

/** A request to `verifier`. Without a read model: all of them, as the schedule asks. Repeat with `cursor` until none is returned. */
export interface VerifierRequest {
  readonly readModel?: ReadModelName;
  /** Maximum number of streams. Default: 100 of each read model. `all`: every stream. */
  readonly sample?: number | 'all';
  readonly cursor?: string;
}

/** What `verifier` answers. */
export interface VerifierReport {
  readonly streams: number;
  readonly events: number;
  /** At most 100 of them. */
  readonly differences: readonly (StreamDifferences & { readonly readModel: ReadModelName })[];
  /** Number of all. */
  readonly differing: number;
  readonly cursor?: string;
}

/**
 * A refusal: a sentence for the person who asked. Every action can answer it. Nothing was changed.
 */
export interface Refusal {
  readonly refused: string;
}
