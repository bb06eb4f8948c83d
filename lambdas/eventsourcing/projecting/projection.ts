import type { RecordedEvent } from '../commit.ts';
import type { EventSchemas } from '../upcasting.ts';

/** A line of a row's history. */
export interface DetailLine<Detail> {
  /** Sorts the lines of a row, as text in UTF-8; unique within the row, for it is where the line is stored. */
  readonly key: string;
  readonly detail: Detail;
}

/** What one event makes of a stream's row, and the line it adds to the row's history, if any. */
export interface Projected<Row, Detail> {
  readonly row: Row;
  readonly line?: DetailLine<Detail> | undefined;
}

/**
 * A fold from the events of one category to a read model with one row a stream. Pure: projectors, queries that fold
 * ahead of the row, and time travel all run the same code.
 */
export interface Projection<Row, Detail> {
  /** Names the projector's progress and parked streams, and the generation of its rows. */
  readonly name: string;
  readonly category: string;
  readonly schemas: EventSchemas;
  /** `row` is undefined before the stream's first event. Throws for events that cannot follow one another. */
  readonly project: (row: Row | undefined, event: RecordedEvent) => Projected<Row, Detail>;
  /**
   * Where each list of rows finds this one: by the list's name, the text that it is sorted by, at most 1,000 bytes;
   * undefined where it is not in the list. Unique: let it end in `#` and the id.
   */
  readonly listKeys: (row: Row) => Readonly<Record<string, string | undefined>>;
}

/** A version as text that sorts as the number does. */
export function versionKey(version: number): string {
  return String(version).padStart(16, '0');
}
