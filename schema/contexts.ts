/**
 * The catalogue of contexts. An entry is everything that the system must know about a context, besides its code in
 * `lambdas/contexts/<name>/`. Tables, grants, environment variables, projector functions and their event sources, the
 * publisher's queues, the API's wiring, health, dashboard and alarms are derived from it.
 */

/**
 * What a read model stores. `rows`: rows only. `rows-with-history`: each row also has lines, which are only added.
 * `items`: lines that change; only the projector reads the rows.
 */
export type ReadModelContents = 'rows' | 'rows-with-history' | 'items';

/** One entry of the catalogue. */
export interface ContextEntry {
  /**
   * Names of the lists of the read model; each is an index of its table. DynamoDB adds or removes one index per
   * deployment. Never rename one.
   */
  readonly lists: readonly string[];
  readonly contents: ReadModelContents;
  /** What users notice while the read model lags. Alarm descriptions begin with it. */
  readonly userImpact: string;
  /**
   * The source of the projector's commits: the event stream, with at most `batchSize` commits per invocation; or a work
   * queue, to which contexts send commits by `feeds`.
   */
  readonly source:
    | { readonly kind: 'stream'; readonly batchSize: number }
    | { readonly kind: 'queue'; readonly queue: FedQueueName };
  /**
   * The work queues that get commits of this context: those with an event of the given types, or, for `rules`, of the
   * types in the context's `todo-rules.ts`.
   */
  readonly feeds?: Readonly<Partial<Record<FedQueueName, 'rules' | readonly string[]>>>;
}

/** The work queues that contexts feed, see `feeds`: the publisher sends them commits, besides the event stream. */
export const fedQueueNames = ['todo', 'analysis', 'persons', 'erasures'] as const;
export type FedQueueName = (typeof fedQueueNames)[number];

/** All queues that the publisher sends to. `segments`: the names of streams with something to seal, also from readers. */
export const publishedQueueNames = [...fedQueueNames, 'segments'] as const;

/**
 * All work queues. `persons`: streams to index, by the person that they name. `erasures`: persons to erase, from the publisher, and streams
 * to erase, from the indexer and from the retention. `findings`: from the analyzer of prescriptions, which may not write to the log, to their recorder. `unread`: the
 * uploads that the analyzer received twice and never finished. It is the failure queue of `analysis`, and feeds the recorder too.
 */
export const queueNames = [...publishedQueueNames, 'findings', 'unread'] as const;
export type QueueName = (typeof queueNames)[number];

/** The catalogue. */
export const contexts = {
  ledger: {
    lists: ['byOpening'],
    contents: 'rows-with-history',
    userImpact: 'Queries show outdated accounts',
    source: { kind: 'stream', batchSize: 500 },
    feeds: { todo: 'rules' },
  },
  metrics: {
    // `due`: only metrics with a target that is neither reached nor expired.
    lists: ['byName', 'byDeadline', 'due'],
    contents: 'rows-with-history',
    userImpact: 'Queries show outdated metrics',
    // A commit may hold a thousand values, each a line of the history.
    source: { kind: 'stream', batchSize: 100 },
    feeds: { todo: 'rules' },
  },
  dispense: {
    lists: ['byStart', 'byState'],
    contents: 'rows',
    userImpact: 'Queries show outdated dispenses',
    source: { kind: 'stream', batchSize: 500 },
    feeds: {
      todo: 'rules',
      analysis: ['Dispense:PrescriptionUploaded'],
      persons: ['Dispense:PatientAdded', 'Dispense:PatientCorrected'],
    },
  },
  person: {
    lists: ['byState'],
    contents: 'rows',
    userImpact: 'Queries show outdated holds and erasures of persons',
    source: { kind: 'stream', batchSize: 500 },
    feeds: { erasures: ['Person:ErasureRequested'] },
  },
  todo: {
    // Of items, not of rows.
    lists: ['byOpening', 'byStatus', 'byKind'],
    contents: 'items',
    userImpact: 'Queries show outdated lists of open work',
    source: { kind: 'queue', queue: 'todo' },
  },
} as const satisfies Readonly<Record<string, ContextEntry>>;

export type ContextName = keyof typeof contexts;

/** The lists of one context's read model. */
export type ListOf<Name extends ContextName> = (typeof contexts)[Name]['lists'][number];

export const contextNames = Object.keys(contexts) as readonly ContextName[];

/** The contexts with aggregates and commands: those whose projector reads the event stream. */
export const aggregateNames = contextNames.filter((name) => contexts[name].source.kind === 'stream');

type Source = (typeof contexts)[ContextName]['source'];

/** The queues that no projector consumes: each has an automation. */
export type AutomationQueue = Exclude<QueueName, Extract<Source, { readonly kind: 'queue' }>['queue']>;

/** The context whose projector consumes a queue; undefined if an automation consumes it. */
export function projectedFrom(queue: QueueName): ContextName | undefined {
  return contextNames.find((name) => {
    const { source }: ContextEntry = contexts[name];
    return source.kind === 'queue' && source.queue === queue;
  });
}

/** The contexts that feed a queue, with the types of the events that they send. `rules`: those of `todo-rules.ts`. */
export function feedsOf(
  queue: FedQueueName,
): readonly { readonly context: ContextName; readonly events: 'rules' | readonly string[] }[] {
  return contextNames.flatMap((context) => {
    const entry: ContextEntry = contexts[context];
    const events = entry.feeds?.[queue];
    return events === undefined ? [] : [{ context, events }];
  });
}

/** A record with the result of `valueFor` for each name. */
export function recordOf<Name extends string, Value>(
  names: readonly Name[],
  valueFor: (name: Name) => Value,
): Readonly<Record<Name, Value>> {
  return Object.fromEntries(names.map((name) => [name, valueFor(name)])) as Record<Name, Value>;
}
