import { MarkFinder, type Marks } from './marks.ts';
import { filesIn, type StoredBytes, stores } from './stored-bytes.ts';

/** What a search looks through. */
export interface Searched {
  readonly awsUrl: string;
  /** The folder of `--persist`, if it is to be searched as raw files. */
  readonly folder?: string;
  /** Log lines of functions. */
  readonly lines: readonly string[];
  /** The spans that the functions have sent. */
  readonly spans?: readonly object[];
}

/** The result of a search. */
export interface SearchResult {
  /** `place: marks`, without the marks' texts. */
  readonly found: readonly string[];
  /** How many bytes were searched in each kind of store: so that a search of nothing does not pass. */
  readonly searched: Readonly<Record<string, number>>;
}

/** Looks for marks in everything that a host stores. `isExpected`: places that may have them. */
export async function searchEverywhere(
  marks: Marks,
  { awsUrl, folder, lines, spans = [] }: Searched,
  isExpected: (place: string) => boolean = () => false,
): Promise<SearchResult> {
  const finder = new MarkFinder(marks);
  const found: string[] = [];
  const searched: Record<string, number> = {};
  const look = async (kind: string, all: AsyncIterable<StoredBytes> | Iterable<StoredBytes>) => {
    searched[kind] = 0;
    for await (const { place, bytes } of all) {
      if (isExpected(place)) continue;
      searched[kind] += bytes.length;
      const what = finder.in(bytes);
      if (what.length > 0) found.push(`${place}: ${what.join(', ')}`);
    }
  };
  for (const [kind, read] of Object.entries(stores)) await look(kind, read(awsUrl));
  await look(
    'logs',
    lines.map((line, index) => ({ place: `log line ${index}`, bytes: Buffer.from(line) })),
  );
  await look(
    'spans',
    spans.map((span, index) => ({ place: `span ${index}`, bytes: Buffer.from(JSON.stringify(span)) })),
  );
  if (folder !== undefined) await look('files', filesIn(folder));
  return { found, searched };
}
