import type { StreamName } from './commit.ts';
import type { FoldableCommit } from './fold.ts';

/**
 * The history of streams, for folding. The event log is one. Another reads sealed segments as far as they reach, and then the
 * log.
 */
export interface History {
  /**
   * The commits of a stream in order, from the first whose version is at least `fromVersion` (default: 1) to the end, in pages.
   * Throws `unreadable-event` and `log-changed`, and what the store throws.
   */
  read(
    stream: StreamName,
    range?: { readonly fromVersion?: number },
  ): AsyncIterable<readonly FoldableCommit[]>;
}
