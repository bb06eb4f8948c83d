/**
 * Names that a table's definition (`lib/`) and its adapter (`lambdas/`) must agree on.
 * Both import them from here, and neither imports the other.
 */

/** One item per commit. */
export const eventLogTable = { partitionKey: 'stream', sortKey: 'version' } as const;

/** One item per stream: its newest snapshot. */
export const snapshotTable = { partitionKey: 'stream' } as const;

/** Rows of one context's read model. Every partition key begins with the generation, so two generations can coexist. */
export const readModelTable = { partitionKey: 'pk', sortKey: 'sk' } as const;

/** The index of a list. A row or line without these attributes is not in the list. */
export function listIndex(list: string) {
  return { name: list, partitionKey: `${list}Shard`, sortKey: `${list}Key` };
}

/** Facts about the running system: progress of publisher and projectors, generations of read models, and the key that signs cursors. */
export const controlTable = { partitionKey: 'name' } as const;

/** Commits that wait for a destination of the publisher. */
export const waitingTable = { partitionKey: 'destination', sortKey: 'commit' } as const;

/** What a projector or the publisher parked, with the reason. */
export const parkedTable = { partitionKey: 'consumer', sortKey: 'subject' } as const;

/** Sealed history of long streams, derived from the log: their events in segments, and states at the ends of segments. */
export const segmentTable = { partitionKey: 'stream', sortKey: 'part' } as const;

/** The keys of data subjects, each wrapped by the key service. An item that is deleted makes the subject's data unreadable. */
export const subjectKeyTable = { partitionKey: 'subject' } as const;

/** The index of persons: HMACs and random ids. */
export const personIndexTable = { partitionKey: 'pk', sortKey: 'sk' } as const;
