import type { RecordedEvent } from './commit.ts';
import type { EventSchemas } from './upcasting.ts';

/** A line of a row's history, or of what else a row has many of. */
export interface KeyedLine<Line> {
  /** Sorts the lines of a row, as text in UTF-8; unique within the row, for it is where the line is stored. */
  readonly key: string;
  readonly line: Line;
}

/** What one event makes of a stream's row. */
export interface Projected<Row, Line> {
  readonly row: Row;
  /** The line that it adds to the row's history, if any. */
  readonly line?: KeyedLine<Line> | undefined;
  /** The lines that it adds or changes, each as it now is: only of a projection with `changingLines`. */
  readonly lines?: readonly KeyedLine<Line>[] | undefined;
}

/** By the list's name, the text that the list is sorted by, at most 1,000 bytes; undefined where it is not in the list. */
export type ListKeys = Readonly<Record<string, string | undefined>>;

/**
 * A fold from the events of one category to a read model with one row a stream. Pure: projectors, queries that fold
 * ahead of the row, and time travel all run the same code.
 */
export interface Projection<Row, Line> {
  /** Names the projector's progress and parked streams, and the generation of its rows. */
  readonly name: string;
  readonly category: string;
  readonly schemas: EventSchemas;
  /** What becomes of events whose type `schemas` does not know. Default: `refused`, for most folds would go wrong. */
  readonly unknownEvents?: 'refused' | 'passed-on';
  /** `row` is undefined before the stream's first event. Throws for events that cannot follow one another. */
  readonly project: (row: Row | undefined, event: RecordedEvent) => Projected<Row, Line>;
  /** Where each list of rows finds this one. Unique: let it end in `#` and the id. */
  readonly listKeys: (row: Row) => ListKeys;
  /**
   * Says that lines change after they were added, and where each list of lines finds one, by a key that is unique
   * in the list. Lines of other projections are written once and for all.
   */
  readonly changingLines?: { readonly listKeys: (line: Line) => ListKeys };
}

/** What a read model needs to know of the projection whose rows it keeps. */
export type Listed<Row, Line> = Pick<Projection<Row, Line>, 'listKeys' | 'changingLines'>;

/** A version as text that sorts as the number does. */
export function versionKey(version: number): string {
  return String(version).padStart(16, '0');
}
