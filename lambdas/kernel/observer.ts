import type { Counter } from '../../schema/telemetry.ts';

/** The steps that a trace shows a segment for. */
export type Step = 'hydrate' | 'decide' | 'append' | 'publish' | 'project';

/** What the kernel tells the outside while it works; the functions adapt their logger, tracer and metrics to it. */
export interface Observer {
  /** Runs one step inside a trace segment of its own. */
  step<Result>(step: Step, run: () => Promise<Result>): Promise<Result>;
  /** Something that a person may want to know and that stops nothing. No personal data. */
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
  /** Adds to a metric, 1 where `by` is left out. */
  count(counter: Counter, by?: number): void;
}

/** Traces nothing, says nothing and counts nothing. */
export const silentObserver: Observer = {
  step: (_step, run) => run(),
  warn: () => undefined,
  count: () => undefined,
};
