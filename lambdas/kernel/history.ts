import type { StreamName } from './commit.ts';
import type { ReadRange } from './event-log.ts';
import type { FoldableCommit } from './fold.ts';

/**
 * The history of streams, for folding. The event log is one. Another reads sealed segments as far as they reach, and then the
 * log.
 */
export interface History {
  /**
   * The commits of a stream in order, in pages: those whose first version is at least `fromVersion` (default: 1) and at most
   * `toVersion` (default: to the end). Throws `unreadable-event` and `log-changed`, and what the store throws.
   */
  read(
    stream: StreamName,
    range?: Pick<ReadRange, 'fromVersion' | 'toVersion'>,
  ): AsyncIterable<readonly FoldableCommit[]>;
}
