/** A table with one item per partition key: its name, and the name of the key attribute. */
export interface SimpleTable {
  readonly name: string;
  readonly partitionKey: string;
}

/** A table whose items have a partition key and a sort key. */
export interface SortedTable extends SimpleTable {
  readonly sortKey: string;
}

/** The names of a commit's key attributes: the stream, and the version of its first event. */
export type CommitKeys = Omit<SortedTable, 'name'>;

/** A table of rows and lines with an index for each list. */
export interface ReadModelTable extends SortedTable {
  /** The index of a list, and the names of its key attributes. Each list has its own names. */
  readonly listIndex: (list: string) => SortedTable;
}
