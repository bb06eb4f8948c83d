/** The partition keys of a table, in the order in which the table keeps them: by their hash. */
export interface Partitions {
  /**
   * The next partition keys after a place, at most `limit`, each once. Any text is a place, so a random text is a random one.
   * Eventually consistent. A large partition is not read, but skipped.
   * @param place Default: the beginning.
   */
  after(place: string | undefined, limit: number): Promise<PartitionPage>;
}

/** A page of partition keys. The last one is the place of the next page. */
export interface PartitionPage {
  /** May be fewer than asked for, and none only at the end. */
  readonly partitions: readonly string[];
  readonly isEnd: boolean;
}
