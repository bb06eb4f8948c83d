import type { Effects } from '../../../../kernel/index.ts';
import type { DocumentStore, PrescriptionDocument } from '../../documents/document-store.ts';

/** Maximum time of fetching all pages, in ms. With the 40 s of an analysis, it is below the timeout of the function. */
const pagesMaxMs = 7_000;

/** What fetching needs. */
export interface PageFetching {
  readonly documents: Pick<DocumentStore, 'get' | 'keep'>;
  readonly effects: Pick<Effects, 'timeLimit'>;
}

/**
 * The documents with these keys, in this order. Each is kept too: the API keeps a document after the append, and may have crashed
 * in between. Throws `DocumentNotFoundError`, and an outage if it takes longer than 7 s.
 */
export function fetchPages(
  keys: readonly string[],
  { documents, effects }: PageFetching,
): Promise<PrescriptionDocument[]> {
  const fetchPage = async (key: string) => {
    await documents.keep(key);
    return documents.get(key);
  };
  return within(Promise.all(keys.map(fetchPage)), effects.timeLimit(pagesMaxMs));
}

/** The result of the work, unless the time is over before. */
async function within<Result>(work: Promise<Result>, limit: AbortSignal): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onAbort = () =>
    reject(Object.assign(new Error('Fetching the documents took too long.'), { name: 'TimeoutError' }));
  limit.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, late]);
  } finally {
    limit.removeEventListener('abort', onAbort);
  }
}
