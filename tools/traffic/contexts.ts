import { ledgerModel } from './ledger/model.ts';
import { accountsMin } from './ledger/plans.ts';
import { metricsModel } from './metrics/model.ts';
import { Workload, type WorkloadOptions } from './workload.ts';

interface TrafficContext {
  /** The option that sets the number of aggregates, and its minimum. */
  readonly sizeOption: string;
  readonly sizeMin: number;
  /** Its default: one aggregate for this many events, but at least `defaultMin`. */
  readonly eventsEach: number;
  readonly defaultMin: number;
}

/** The contexts that traffic can drive. Another one needs a model and an entry here. */
export const contexts = {
  ledger: {
    ...{ sizeOption: 'accounts', sizeMin: accountsMin, eventsEach: 20, defaultMin: 50 },
    workload: (size: number, options: WorkloadOptions) => new Workload(ledgerModel(size), options),
  },
  metrics: {
    ...{ sizeOption: 'metrics', sizeMin: 1, eventsEach: 40, defaultMin: 20 },
    workload: (size: number, options: WorkloadOptions) =>
      new Workload(metricsModel(size, options.run), options),
  },
} as const satisfies Readonly<Record<string, TrafficContext & { workload: unknown }>>;

/** A workload of any context. */
export type AnyWorkload = ReturnType<(typeof contexts)[ContextName]['workload']>;
export type ContextName = keyof typeof contexts;
export const contextNames = Object.keys(contexts) as ContextName[];
