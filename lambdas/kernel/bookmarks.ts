/** Where runs that continue each other note their place. */
export interface Bookmarks {
  /** The noted place; undefined if there is none. */
  place(name: string): Promise<string | undefined>;
  /** Replaces the noted place. Undefined: the next run begins at the start. */
  notePlace(name: string, place: string | undefined): Promise<void>;
}
