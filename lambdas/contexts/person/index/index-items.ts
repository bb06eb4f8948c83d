/** Where an item is. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** An item as it was read, and as it shall be. Undefined: there is none. If both are the same, it is only compared. */
export interface ItemChange extends ItemKey {
  readonly seen: string | undefined;
  readonly value: string | undefined;
}

/** The items of the index: texts by key. Reads are strongly consistent. */
export interface IndexItems {
  get(key: ItemKey): Promise<string | undefined>;
  /** The items of a partition whose sort key begins with the prefix, in the order of the sort key, after `after`. */
  page(
    pk: string,
    range: { readonly prefix: string; readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly { readonly sk: string; readonly value: string }[]>;
  /** Writes all changes or none. False: an item is not as it was seen, or another writer writes it now. At most 100 changes. */
  write(changes: readonly ItemChange[]): Promise<boolean>;
}
