import type { StreamName } from '../kernel/index.ts';

/**
 * The index of persons. It has HMACs under the tenant's search key and random ids, never plain data. Only the indexer adds to it, and
 * only the eraser removes from it. All reads are strongly consistent.
 */
export interface PersonIndex {
  /** The persons with an identifier. Those with the same identifier and another birth date are different persons. At most 100, without those who are erased. */
  withIdentifier(entry: Pick<PersonEntry, 'tenant' | 'identifierMac'>): Promise<readonly FoundPerson[]>;
  /** Undefined: nobody has this id, in this tenant. */
  person(tenant: string, personId: string): Promise<IndexedPerson | undefined>;
  /** The streams of a person, a page at a time, at most 100. `after`: `next` of the page before. */
  streamsOf(
    tenant: string,
    personId: string,
    after?: string,
  ): Promise<{ readonly streams: readonly StreamName[]; readonly next?: string }>;
}

export interface FoundPerson {
  readonly personId: string;
  readonly birthMac: string;
}

/** What finds a person: HMACs of the normalised identifier, and of the birth date. */
export interface PersonEntry {
  readonly tenant: string;
  readonly identifierMac: string;
  readonly birthMac: string;
}

export interface IndexedPerson {
  readonly personId: string;
  /**
   * Present if two first dispenses of one person were written at the same time, and got two ids: this one stands for the other, which
   * has the streams of both.
   */
  readonly sameAs?: string;
  /** When the erasure began: ISO 8601, UTC, ms. From then on nothing can be linked to the person. */
  readonly erasedAt?: string;
  /** How many of their streams were unlinked since then. Absent before. */
  readonly erasedStreams?: number;
}

/** The writing part, for the indexer. */
export interface PersonLinks {
  /**
   * Links a stream to a person. Removes the link of an older version of the stream, and its entry if no other stream has it. If the entry
   * belongs to another person already, the stream is linked to that one; and if `personId` has no other stream, it becomes `sameAs` that
   * one. Harmless if repeated, and if an older version comes late. The answer has the id of the person that the stream belongs to.
   *
   * - `erased`: nothing was linked, because that person is erased. So the stream must be erased too.
   * - `gone`: nothing was linked, because the stream itself is erased.
   */
  link(link: {
    readonly tenant: string;
    readonly personId: string;
    readonly stream: StreamName;
    readonly version: number;
    /** Absent: the person has no identifier. */
    readonly entry?: PersonEntry;
  }): Promise<{ readonly outcome: 'linked' | 'erased' | 'gone'; readonly personId: string }>;
}

/** The removing part, for the eraser. Each step is harmless if repeated. */
export interface PersonRemoval {
  /** The id of the person that a stream is linked to. Undefined: it has no link. `unlinked`: see {@link unlink}. */
  linkOf(stream: StreamName): Promise<{ readonly personId: string } | 'unlinked' | undefined>;
  /** Marks the person as erased, so that nothing is linked to it any more. */
  begin(tenant: string, personId: string, at: string): Promise<void>;
  /** Removes the link of a stream, whoever it is linked to. From then on nothing can link the stream again. */
  unlink(stream: StreamName): Promise<void>;
  /** Removes the entries by which the person was found. The mark of {@link begin} stays: it has random ids only. */
  removeEntries(tenant: string, personId: string): Promise<void>;
}
