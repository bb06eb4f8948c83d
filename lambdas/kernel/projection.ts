import type { Recorded } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { EventDefinitions } from './event-definitions.ts';

/** One of the many entries of a row: a line of its history, or an item that changes. */
export interface KeyedLine<Line> {
  /** Unique within the row. Lines are sorted by it, by its bytes in UTF-8. */
  readonly key: string;
  readonly line: Line;
}

/** The result of folding one event. */
export interface Projected<Row, Line> {
  readonly row: Row;
  /** The line that the event adds, if any. */
  readonly line?: KeyedLine<Line> | undefined;
  /** The lines that the event adds or changes, each as it is now. Only for a projection with `changingLines`. */
  readonly lines?: readonly KeyedLine<Line>[] | undefined;
}

/**
 * For each list the key that the list is sorted by, at most 1,000 bytes; undefined if the entry is not in the list.
 * Keys must be unique within a list: let them end with `#` and an id.
 */
export type ListKeys<List extends string = string> = Readonly<Record<List, string | undefined>>;

/**
 * A fold from the events of one category to a read model with one row per stream. It must be pure: projectors, fresh
 * queries and time travel run the same code.
 */
export interface Projection<Event extends DomainEvent, Row, Line, List extends string = string> {
  /** The consumer name under which progress is noted and streams are parked. */
  readonly name: string;
  readonly category: string;
  readonly events: EventDefinitions<Event>;
  /**
   * Increase it when `project` makes another row of the same events. Rows of the past that are stored with another version are
   * then ignored. Default: 1.
   */
  readonly rowVersion?: number;
  /** What happens to events of types that `events` does not define. Default: `refused`, because most folds need all events. */
  readonly unknownEvents?: 'refused' | 'passed-on';
  /** Folds one event. `row` is undefined at the first event. Throws for events that cannot follow each other. */
  readonly project: (row: Row | undefined, event: Recorded<Event>) => Projected<Row, Line>;
  /** The keys of a row in the lists. Default: rows are in no list. */
  readonly listKeys?: (row: Row) => ListKeys<List>;
  /**
   * What the ids of the rows are: keys of streams in one category, or whole names of streams, in a read model that several
   * categories share. The tenant of a row is in it. Default: `keys`.
   */
  readonly rowIds?: 'keys' | 'streams';
  /**
   * Lists that all tenants share, for automations; no caller reads them. Their keys have at most 900 bytes. Default: none, each
   * tenant has lists of its own.
   */
  readonly sharedLists?: readonly NoInfer<List>[];
  /**
   * Lists that are divided into parts, so that a query can read a part alone. Each row has a second entry in these lists, in
   * the part that `partOf` names: 1 to 64 lower-case letters or "-". Default: none.
   */
  readonly parts?: { readonly lists: readonly NoInfer<List>[]; readonly partOf: (row: Row) => string };
  /** For lines that change after they were added: their keys in the lists. Default: a line is written once. */
  readonly changingLines?: { readonly listKeys: (line: Line) => ListKeys<List> };
}

/** The part of a projection that folds events. */
export type Folding<Event extends DomainEvent, Row, Line> = Pick<
  Projection<Event, Row, Line>,
  'name' | 'category' | 'events' | 'rowVersion' | 'unknownEvents' | 'project'
>;

/** The part of a projection that a read model needs: the keys of rows and lines in the lists. */
export type Listing<Row, Line, List extends string = string> = Pick<
  Projection<never, Row, Line, List>,
  'listKeys' | 'rowIds' | 'sharedLists' | 'parts' | 'changingLines'
>;

/** A version as text that sorts like the number. */
export function versionKey(version: number): string {
  return String(version).padStart(16, '0');
}
