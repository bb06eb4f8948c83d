import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../commit.ts';
import { readEvent } from '../event-definitions.ts';
import type { Folding } from '../projection.ts';
import { reveal } from '../reveal.ts';
import { fixedKey, withEnvelopes } from './envelopes.fixture.ts';

interface RecordedRowsOptions {
  // biome-ignore lint/suspicious/noExplicitAny: the contract folds the events of every context alike.
  readonly projection: Folding<any, any, any>;
  /** Streams by name, as each version of the context wrote them. */
  readonly recordedStreams: Readonly<Record<string, readonly StoredEvent[]>>;
  /**
   * The row that each recorded stream folds to, by `rowVersion`. Sealed history stores these rows. If `project` makes another
   * row, raise the projection's `rowVersion` and add the new rows. Never edit an entry.
   */
  readonly rowsByVersion: Readonly<Record<number, Readonly<Record<string, unknown>>>>;
}

/** Checks a projection against recorded events: they fold to the rows that sealed history has stored. */
export function recordedRowsContract({
  projection,
  recordedStreams,
  rowsByVersion,
}: RecordedRowsOptions): void {
  describe(`rows of events recorded by every version of ${projection.category}`, () => {
    it.each(Object.entries(recordedStreams))('%s folds to the stored row', (name, recorded) => {
      const stored = rowsByVersion[projection.rowVersion ?? 1]?.[name];
      // As it is stored: without what JSON omits.
      expect(JSON.parse(JSON.stringify(foldRecorded(projection, recorded)))).toStrictEqual(stored);
    });

    it.each(Object.entries(recordedStreams))(
      '%s folds to the same row when its personal values are in envelopes, which the key opens',
      (name, recorded) => {
        const stream = `${projection.category}/recorded` as const;
        const sealed = recorded.map((event) => withEnvelopes(projection.events, stream, event));
        const keys = new Map([[stream, fixedKey]]);
        const stored = rowsByVersion[projection.rowVersion ?? 1]?.[name];
        const row: unknown = JSON.parse(JSON.stringify(foldRecorded(projection, sealed)));
        expect(reveal(row, stream, keys)).toStrictEqual(reveal(stored, stream, keys));
      },
    );
  });
}

/** The row of recorded events. Each is a second after the one before. */
function foldRecorded(
  projection: RecordedRowsOptions['projection'],
  recorded: readonly StoredEvent[],
): unknown {
  const stream = `${projection.category}/recorded` as const;
  return recorded.reduce<unknown>((row, event, index) => {
    const committedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
    const recordedEvent = { ...event, stream, version: index + 1, committedAt };
    return projection.project(row, readEvent(projection.events, stream, recordedEvent)).row;
  }, undefined);
}
