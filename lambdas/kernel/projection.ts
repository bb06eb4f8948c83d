import type { Recorded } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { EventDefinitions } from './event-definitions.ts';

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

/**
 * For each list, the text that the list is sorted by, at most 1,000 bytes; undefined where the entry is not in the list.
 * Keys are unique within a list: let them end in `#` and an id.
 */
export type ListKeys<List extends string = string> = Readonly<Record<List, string | undefined>>;

/**
 * A fold from the events of one category to a read model with one row a stream. Pure: projectors, queries that fold
 * ahead of the row, and time travel all run the same code.
 */
export interface Projection<Event extends DomainEvent, Row, Line, List extends string = string> {
  /** Names the projector's progress and parked streams, and the generation of its rows. */
  readonly name: string;
  readonly category: string;
  readonly events: EventDefinitions<Event>;
  /** What becomes of events whose type `events` does not know. Default: `refused`, for most folds would go wrong. */
  readonly unknownEvents?: 'refused' | 'passed-on';
  /** `row` is undefined before the stream's first event. Throws for events that cannot follow one another. */
  readonly project: (row: Row | undefined, event: Recorded<Event>) => Projected<Row, Line>;
  /** The keys of a row in the lists. Absent: rows are in no list. */
  readonly listKeys?: (row: Row) => ListKeys<List>;
  /** Present where lines change after they were added: their keys in the lists. Absent: a line is written once. */
  readonly changingLines?: { readonly listKeys: (line: Line) => ListKeys<List> };
}

/** The part of a projection that folds events. */
export type Folding<Event extends DomainEvent, Row, Line> = Pick<
  Projection<Event, Row, Line>,
  'name' | 'category' | 'events' | 'unknownEvents' | 'project'
>;

/** The part of a projection that a read model needs: how its rows and lines are listed. */
export type Listing<Row, Line, List extends string = string> = Pick<
  Projection<never, Row, Line, List>,
  'listKeys' | 'changingLines'
>;

/** A version as text that sorts as the number does. */
export function versionKey(version: number): string {
  return String(version).padStart(16, '0');
}
