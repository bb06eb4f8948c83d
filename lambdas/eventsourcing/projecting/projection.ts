import type { RecordedEvent } from '../commit.ts';
import type { EventSchemas } from '../upcasting.ts';

/** What one event makes of a stream's row, and the line it adds to the row's history, if any. */
export interface Projected<Row, Detail> {
  readonly row: Row;
  readonly detail?: Detail | undefined;
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
  /** What lists of rows are sorted by; unique (let it end in the id) and unchanging while the row's place is. */
  readonly listKey: (row: Row) => string;
}
