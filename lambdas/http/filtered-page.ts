/** A page ends after at least this many entries were read, even if it is not full. */
const scannedMaxEntries = 1_000;
const scanPageEntries = 100;

/** An entry of a list, with its key. */
interface Listed {
  readonly listKey: string;
}

/** Reads the entries of a list after a key. `next`: the key to continue after; absent at the end of the list. */
export type ReadEntries<Entry> = (range: {
  readonly after: string | undefined;
  readonly limit: number;
}) => Promise<{ readonly entries: readonly Entry[]; readonly next?: string | undefined }>;

/**
 * The next `limit` entries that match. Reads until they are found, the list ends, or 1,000 entries were read. In the last
 * case the page has fewer entries, possibly none, and a `next`.
 */
export async function filteredPage<Entry extends Listed>(
  read: ReadEntries<Entry>,
  matches: (entry: Entry) => boolean,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<{ entries: readonly Entry[]; next?: string }> {
  const found: Entry[] = [];
  let last = after;
  let scanned = 0;
  do {
    const pageEntries = scanned === 0 ? limit : scanPageEntries;
    const page = await read({ after: last, limit: pageEntries });
    for (const entry of page.entries.filter(matches)) {
      const lastFound = found.at(-1);
      if (lastFound && found.length === limit) return { entries: found, next: lastFound.listKey };
      found.push(entry);
    }
    if (page.next === undefined) return { entries: found };
    last = page.next;
    scanned += pageEntries;
  } while (found.length < limit && scanned < scannedMaxEntries);
  return { entries: found, next: last };
}
