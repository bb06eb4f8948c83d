import {
  backoff,
  type Effects,
  type RetryPolicy,
  type StreamName,
  tenantOfStream,
} from '../../../kernel/index.ts';
import type {
  FoundPerson,
  IndexedPerson,
  PersonEntry,
  PersonIndex,
  PersonLinks,
  PersonRemoval,
} from '../../person-index.ts';
import type { IndexItems, ItemKey } from './index-items.ts';
import { IndexTransaction } from './index-transaction.ts';
import { type Link, linkIn, releaseIn } from './link.ts';
import {
  type ErasedStream,
  entryKey,
  entryPartition,
  entryPrefix,
  erasedStream,
  linkKey,
  type Macs,
  personEntryKey,
  personKey,
  personPartition,
  type StoredEntry,
  type StoredLink,
  type StoredPerson,
  streamPrefix,
} from './stored-items.ts';

/** Other writers of the same items are other streams of the same person, or the same message a second time. */
const retry: RetryPolicy = { maxAttempts: 10, firstWaitMs: 20, longestWaitMs: 500 };

const pageMax = 100;

/** Other writers came first in every attempt. It passes: try again later. */
export class IndexContentionError extends Error {
  override readonly name = 'IndexContentionError';
  /** A code of `isBusy`. */
  readonly code = 'TransactionConflict';
}

/** The index of persons, on any store of items. Every write is one transaction: all of it, or nothing. */
export class StoredPersonIndex implements PersonIndex, PersonLinks, PersonRemoval {
  readonly #items: IndexItems;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;

  constructor(items: IndexItems, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#items = items;
    this.#effects = effects;
  }

  async withIdentifier({
    tenant,
    identifierMac,
  }: Pick<PersonEntry, 'tenant' | 'identifierMac'>): Promise<readonly FoundPerson[]> {
    const entries = await this.#items.page(entryPartition(tenant, identifierMac), {
      prefix: '',
      limit: pageMax,
    });
    const found = entries.map(({ sk, value }) => ({
      personId: (JSON.parse(value) as StoredEntry).personId,
      birthMac: sk,
    }));
    const persons = await Promise.all(found.map(({ personId }) => this.person(tenant, personId)));
    return found.filter((_, index) => persons[index]?.erasedAt === undefined);
  }

  async person(tenant: string, personId: string): Promise<IndexedPerson | undefined> {
    const stored = await this.#items.get(personKey(tenant, personId));
    if (stored === undefined) return undefined;
    const { sameAs, erasedAt, erasedStreams = 0 } = JSON.parse(stored) as StoredPerson;
    return {
      personId,
      ...(sameAs !== undefined && { sameAs }),
      ...(erasedAt !== undefined && { erasedAt, erasedStreams }),
    };
  }

  async streamsOf(tenant: string, personId: string, after?: string) {
    const items = await this.#items.page(personPartition(tenant, personId), {
      prefix: streamPrefix,
      after: after === undefined ? undefined : streamPrefix + after,
      limit: pageMax,
    });
    const streams = items.map(({ sk }) => sk.slice(streamPrefix.length) as StreamName);
    const next = streams.length === pageMax ? streams.at(-1) : undefined;
    return { streams, ...(next !== undefined && { next }) };
  }

  async linkOf(stream: StreamName): ReturnType<PersonRemoval['linkOf']> {
    const stored = await this.#items.get(linkKey(stream));
    if (stored === undefined) return undefined;
    const link = JSON.parse(stored) as StoredLink | ErasedStream;
    return 'erased' in link ? 'unlinked' : { personId: link.personId };
  }

  async link(link: Link): ReturnType<PersonLinks['link']> {
    if (tenantOfStream(link.stream) !== link.tenant || (link.entry && link.entry.tenant !== link.tenant))
      throw new RangeError('The stream, the entry and the person are of one tenant.');
    return this.#change((transaction) => linkIn(transaction, link));
  }

  async begin(tenant: string, personId: string, at: string): Promise<void> {
    await this.#change(async (transaction) => {
      const key = personKey(tenant, personId);
      const person = (await transaction.read<StoredPerson>(key)) ?? { streams: 0 };
      if (person.erasedAt === undefined) await transaction.set(key, { ...person, erasedAt: at });
    });
  }

  async removeEntries(tenant: string, personId: string): Promise<void> {
    const partition = personPartition(tenant, personId);
    for (;;) {
      const entries = await this.#items.page(partition, { prefix: entryPrefix, limit: pageMax });
      for (const { value } of entries) await this.#removeEntry(tenant, personId, JSON.parse(value) as Macs);
      if (entries.length < pageMax) return;
    }
  }

  async unlink(stream: StreamName): Promise<void> {
    await this.#change(async (transaction) => {
      const linked = await transaction.read<StoredLink | ErasedStream>(linkKey(stream));
      if (linked !== undefined && 'erased' in linked) return;
      if (linked !== undefined) {
        await releaseIn(transaction, stream, linked);
        await countErased(transaction, personKey(tenantOfStream(stream), linked.personId));
      }
      await transaction.set(linkKey(stream), erasedStream);
    });
  }

  async #removeEntry(tenant: string, personId: string, macs: Macs): Promise<void> {
    await this.#change(async (transaction) => {
      const entry = await transaction.read<StoredEntry>(entryKey(tenant, macs));
      if (entry?.personId === personId) await transaction.set(entryKey(tenant, macs), undefined);
      await transaction.set(personEntryKey(tenant, personId, macs), undefined);
    });
  }

  async #change<Result>(decide: (transaction: IndexTransaction) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      const transaction = new IndexTransaction(this.#items);
      const result = await decide(transaction);
      if (await transaction.commit()) return result;
      if (attempt === retry.maxAttempts)
        throw new IndexContentionError(`Other writers changed the index first in ${attempt} attempts.`);
      await backoff(attempt, retry, this.#effects);
    }
  }
}

/** Counts in the transaction that unlinks the stream, so each stream counts once, however often the eraser is stopped. */
async function countErased(transaction: IndexTransaction, key: ItemKey): Promise<void> {
  const person = await transaction.read<StoredPerson>(key);
  if (person?.erasedAt === undefined) return;
  await transaction.set(key, { ...person, erasedStreams: (person.erasedStreams ?? 0) + 1 });
}
