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

/** Maximum number of streams of a sample, of each read model. */
export const sampleMax = 10_000;

/** How long `hold` holds a build for a run, in ms. */
export const buildHoldMs = 10_000;

/**
 * Timeout of a projector, in seconds, and of the metrics sweeper, which saves rows too. After a change of generations, a builder waits
 * this long for invocations that began before it.
 */
export const projectorTimeoutSeconds = 60;

/** A request to `rebuilder`. Each is safe to repeat. */
export type RebuilderRequest =
  /**
   * The generations of every read model, and how far a build is. Answers a list of `ReadModelStatus`. With `readModel`, it is a list
   * of this one, whatever is wrong with the others.
   */
  | { readonly action: 'status'; readonly readModel?: ReadModelName }
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
   * refused for another one, and repeating it changes nothing. With `unlessParked`, it is refused if streams could not be folded to
   * their end: a projection that throws would take rows from readers, so that is a person's decision.
   */
  | {
      readonly action: 'switch';
      readonly readModel: ReadModelName;
      readonly generation?: string;
      readonly unlessParked?: boolean;
    }
  /** The previous generation becomes active again, and the active one previous. */
  | { readonly action: 'undo'; readonly readModel: ReadModelName }
  /** Gives up the generation that is being built. Its rows are deleted by `remove`. */
  | { readonly action: 'discard'; readonly readModel: ReadModelName }
  /** Gives up the previous generation. Its rows are deleted by `remove`. */
  | { readonly action: 'drop'; readonly readModel: ReadModelName }
  /** Deletes rows of a generation that was given up. Refused before its `removableAt`. Repeat until `done`. */
  | SegmentRequest<'remove'>
  /**
   * Folds one stream from nothing and replaces what is stored of it, in every generation that projectors write. If anything
   * differed, repeat it after `settleMs` of the answer, until nothing differs.
   */
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
    /** Those of `fold`, from `following` on. */
    readonly folded?: readonly SegmentProgress[];
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
  /** The context that the stream belongs to. Its TODO items are in the read model `todo`. */
  readonly readModel: ReadModelName;
  /** Version of the stream. */
  readonly version: number;
  readonly events: number;
  /** Of each generation that is written, of each read model that folds the stream. What differed was replaced. */
  readonly generations: readonly ReadModelDifferences[];
  /**
   * How long a projector that had loaded a row before the repair may still write lines from it, in ms. Count it from the answer on:
   * it is a duration, so that no two clocks have to agree. Releases before 2026-12 do not say it.
   */
  readonly settleMs?: number;
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
  /**
   * Names of fields of the row. Names in brackets are no fields: `(missing)`: there is no row. `(surplus)`: there is no stream.
   * `(version)`: the row names a version at which the stream has no end of a commit. `(unfoldable)`: the events up to the row's
   * version cannot be folded. `(entry)`: its entry in the parts of lists. `(all)`: it is no object. `(byNameKey)`: an attribute
   * that puts it into a list.
   */
  readonly fields: readonly string[];
  /** Number of lines that are missing, surplus or different. */
  readonly lines: number;
}

/** The differences of one read model. */
export interface ReadModelDifferences extends StreamDifferences {
  readonly readModel: ReadModelName;
}

/** A request to `verifier`. Without a read model: all of them, as the schedule asks. Repeat with `cursor` until none is returned. */
export interface VerifierRequest {
  readonly readModel?: ReadModelName;
  /** Maximum number of streams, 1 to `sampleMax`. Default: 100 of each read model. `all`: every stream. */
  readonly sample?: number | 'all';
  readonly cursor?: string;
}

/** What `verifier` answers. */
export interface VerifierReport {
  readonly streams: number;
  readonly events: number;
  /** At most 100 of them. */
  readonly differences: readonly ReadModelDifferences[];
  /** Number of all. */
  readonly differing: number;
  /** Rows whose commits were not delivered for more than 5 minutes. No difference: a delivery or a redrive mends them. */
  readonly behind: number;
  /** Streams that are parked. */
  readonly parked: number;
  /** Streams that were not compared, because they are too long for one invocation, or changed all the time. */
  readonly skipped: number;
  readonly cursor?: string;
}

/**
 * A refusal: a sentence for the person who asked. Every action can answer it. Nothing was changed.
 */
export interface Refusal {
  readonly refused: string;
}

/** The request of an action. */
export type RequestOf<Action extends RebuilderRequest['action']> = Extract<
  RebuilderRequest,
  { readonly action: Action }
>;

/** What `rebuilder` answers to an action, unless it refuses. */
export type AnswerTo<Action extends RebuilderRequest['action']> = Action extends 'status'
  ? readonly ReadModelStatus[]
  : Action extends 'fold' | 'compare' | 'remove'
    ? SegmentProgress
    : Action extends 'repair'
      ? RepairReport
      : Action extends 'forget'
        ? ForgetReport
        : ReadModelStatus;
