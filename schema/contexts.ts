/**
 * The catalogue of contexts. One entry describes what the system must know of a context beside its code in
 * `lambdas/contexts/<name>/`. Tables, grants, environment variables, projector functions and their event sources, the
 * API's wiring, health, dashboard and alarms all follow from it.
 */

/**
 * What a read model keeps: rows; rows that each have a history of lines, which are only added; or items that change
 * (lines), behind rows that only their projector reads.
 */
export type ReadModelContents = 'rows' | 'rows-with-history' | 'items';

interface ContextEntry {
  /**
   * Names of the lists of the read model; each is an index of its table. DynamoDB adds or removes one index per
   * deployment. Never rename one.
   */
  readonly lists: readonly string[];
  readonly contents: ReadModelContents;
  /** What users notice while the read model is late. Alarms begin with it. */
  readonly userImpact: string;
  /**
   * Where the projector gets its commits from: the event stream, with at most `batchSize` commits per invocation; or a
   * work queue of the same name, which the contexts that list it in `feeds` fill.
   */
  readonly source: { readonly kind: 'stream'; readonly batchSize: number } | { readonly kind: 'queue' };
  /**
   * The work queues that get commits of this context: those with an event of the given types, or, for `rules`, of the
   * types in the context's `todo-rules.ts`.
   */
  readonly feeds?: Readonly<Partial<Record<QueueName, 'rules' | readonly string[]>>>;
}

/** The work queues beside the event stream. */
export const queueNames = ['todo', 'analysis'] as const;
export type QueueName = (typeof queueNames)[number];

export const contexts = {
  ledger: {
    lists: ['byOpening'],
    contents: 'rows-with-history',
    userImpact: 'Accounts, as queries show them, are out of date',
    source: { kind: 'stream', batchSize: 500 },
    feeds: { todo: 'rules' },
  },
  metrics: {
    // `due`: only metrics with a target that is neither reached nor expired.
    lists: ['byName', 'byDeadline', 'due'],
    contents: 'rows-with-history',
    userImpact: 'Metrics, as queries show them, are out of date',
    // A commit may hold a thousand values, each a line of the history.
    source: { kind: 'stream', batchSize: 100 },
    feeds: { todo: 'rules' },
  },
  dispense: {
    lists: ['byStart', 'byState'],
    contents: 'rows',
    userImpact: 'Dispenses, as queries show them, are out of date',
    source: { kind: 'stream', batchSize: 500 },
    feeds: { todo: 'rules', analysis: ['Dispense:PrescriptionUploaded'] },
  },
  todo: {
    // Of items, not of rows.
    lists: ['byOpening', 'byStatus', 'byKind'],
    contents: 'items',
    userImpact: 'Open work is out of date',
    source: { kind: 'queue' },
  },
} as const satisfies Readonly<Record<string, ContextEntry>>;

export type ContextName = keyof typeof contexts;

/** The lists of one context's read model. */
export type ListOf<Name extends ContextName> = (typeof contexts)[Name]['lists'][number];

export const contextNames = Object.keys(contexts) as readonly ContextName[];

/** The contexts that have aggregates, and so commands: all whose projector reads the event stream. */
export const aggregateNames = contextNames.filter((name) => contexts[name].source.kind === 'stream');

/** The environment variable that names the table of a context's read model: `LEDGER_TABLE`. */
export function tableVariable(name: ContextName): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_TABLE`;
}
