import type { LogPlace } from './log-scan.ts';

/** What was done of a part of a phase since its beginning. */
export interface PartCounts {
  events: number;
  streams: number;
  rows: number;
  lines: number;
  caughtUp: number;
  differences: Record<string, number>;
  parked: number;
}

/** A stream that is folded in part: an invocation ended in the middle of it. */
export interface OpenStream {
  readonly stream: string;
  /** The version of its stored row; 0 if none is stored. */
  readonly version: number;
  /** The hash of the last commit that was folded. */
  readonly hash?: string | undefined;
  /** The scan does not have it in order: it is read by itself. */
  readonly isRead: boolean;
}

/** How far a part of a phase is. */
export interface PartProgress {
  readonly done: boolean;
  readonly counts: PartCounts;
  /** The last key that is finished, for a scan of the log. */
  readonly place?: LogPlace | undefined;
  readonly open?: OpenStream | undefined;
  /** The last key that is finished, for a scan of rows. */
  readonly after?: string | undefined;
  /** Deleting: this pass over the part has found something, so another pass follows it. */
  readonly hasFound?: boolean | undefined;
  /** The last parked subject that was caught up, by consumer. */
  readonly parkedAfter?: Readonly<Record<string, string>> | undefined;
}

/** Names a part of a phase of a build. */
export interface PartName {
  readonly readModel: string;
  readonly generation: string;
  readonly phase: 'fold' | 'compare' | 'remove';
  readonly segment: number;
}

/** A stored progress. `revision`: goes up by one with each change. */
export interface StoredProgress {
  readonly revision: number;
  readonly progress: PartProgress;
}

/** Where progress is stored, so that a run that was killed continues. */
export interface ProgressStore {
  /** Undefined: the part was not begun. */
  load(part: PartName): Promise<StoredProgress | undefined>;
  /** Saves the progress as the next revision. `stale`: another invocation has saved another one. */
  save(part: PartName, revision: number, progress: PartProgress): Promise<'saved' | 'stale'>;
}

export function noCounts(): PartCounts {
  return { events: 0, streams: 0, rows: 0, lines: 0, caughtUp: 0, differences: {}, parked: 0 };
}
