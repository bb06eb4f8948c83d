/** The steps that a trace shows as spans. The last row are the steps of automations. */
export type Step =
  | ('hydrate' | 'decide' | 'append')
  | ('publish' | 'project')
  | ('expire' | 'analyze' | 'record' | 'index' | 'erase' | 'seal');

/** What a step is about. No personal data. */
export interface StepDetails {
  readonly stream?: string;
  /** Places of commits, each as `ledger/7f3c@12`: stream and version of the first event. */
  readonly commits?: readonly string[];
  /** Number of events: of those read, or of those appended. */
  readonly events?: number;
  /** The projection or the automation that does the step. */
  readonly consumer?: string;
  /** Where `publish` sends. */
  readonly destination?: string;
  /** Of the read model that `project` writes. */
  readonly generation?: string;
}

/** Adds what becomes known while a step runs. */
export type AddDetails = (details: StepDetails) => void;

/** What happens in a step. A trace shows it with its time. Nothing is reported twice, as of a step and of the one that it is in. */
export type StepEvent =
  /** Another writer committed first. */
  | 'conflict'
  /** An append was cut off before its outcome was known. */
  | 'cut-off'
  /** The next attempt begins, after a wait. */
  | 'retry'
  /** The command had committed before. */
  | 'repeated'
  /** The domain rejected the command, or a destination refuses a commit for good. */
  | 'refused'
  /** A stream or record was set aside. */
  | 'parked'
  /** A destination did not accept a commit because of an outage. The commit waits. */
  | 'deferred';

/** The details of an event. No personal data. */
export type EventDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** Something, usually a commit, that causes a step of a consumer. */
export interface Cause {
  /** The W3C trace context that the commit carries. Undefined or malformed: it is not traced. */
  readonly traceparent?: string | undefined;
  readonly details?: StepDetails;
}

/** A step in the trace of one of its causes. */
export interface CausedStep {
  /** The W3C trace context of the step, for what it sends. Undefined: nothing is traced, so what it sends carries the context of its cause. */
  readonly traceparent: string | undefined;
  event(name: StepEvent, details?: EventDetails): void;
  /** Marks the step as failed. `reason`: the name of the error, without personal data. */
  fail(reason: string): void;
}

/** What the kernel counts. */
export type KernelCounter =
  /** Commands that were committed. A command on several streams counts once. */
  | 'Commands'
  /** Commands that had committed before and returned their first answer again. */
  | 'RepeatedCommands'
  /** Commands that the domain rejected. */
  | 'Refusals'
  /** Attempts in which another writer committed first. */
  | 'Conflicts'
  /** Appends that were cut off before their outcome was known. */
  | 'CutOffs'
  /** Appends and questions about the past that were refused because the clock is off. */
  | 'ClockRefusals'
  /** Commits of the log that are missing, or that are not what was appended: each time that one is met. */
  | 'LogChanged'
  /** Sealed segments that could not be used, so that the log was read: each time that a reader met it. */
  | 'SegmentsUnusable'
  /** Streams and records that were parked, each time. */
  | 'Parked'
  /** Commits that a destination did not accept because of an outage, for each destination. They wait for it. */
  | 'Deferred';

/** What the kernel reports while it works. The application connects it to its logger, its tracer and its telemetry. */
export interface Observer {
  /** Runs one step. A tracing observer creates a span for it, inside that of the step that calls it. */
  step<Result>(step: Step, run: (add: AddDetails) => Promise<Result>, details?: StepDetails): Promise<Result>;
  /**
   * Runs one step of a consumer once, whatever the number of its causes. A tracing observer creates a span in the trace of each cause: all begin and end
   * with the step, and are linked with the span of the batch. If all causes are of one trace, steps inside are children of that span, otherwise of the batch's.
   * `run` gets a step for each cause, in their order. Causes of one trace get the same one.
   */
  stepFor<Result>(
    step: Step,
    causes: readonly Cause[],
    run: (steps: readonly CausedStep[]) => Promise<Result>,
  ): Promise<Result>;
  /** Adds an event to the span of the current step. */
  event(name: StepEvent, details?: EventDetails): void;
  /** The W3C trace context of the current step, for commits and messages. Undefined: nothing is traced. */
  traceparent(): string | undefined;
  /** Reports a fault that does not stop the work. No personal data. */
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
  /** Adds to a counter. Default of `by`: 1. */
  count(counter: KernelCounter, by?: number): void;
}

/** The step of a cause that nobody traces. */
export const untracedStep: CausedStep = {
  traceparent: undefined,
  event: () => undefined,
  fail: () => undefined,
};

/** The steps of causes that nobody traces. */
export function untraced(causes: readonly Cause[]): readonly CausedStep[] {
  return causes.map(() => untracedStep);
}

/** An observer for what a consumer does for these steps, one or more: its events are theirs. */
export function observerOf(steps: readonly CausedStep[], observer: Observer): Observer {
  return { ...observer, event: (name, details) => eventOf(steps, name, details) };
}

/** Adds an event to steps, once to each. */
export function eventOf(steps: readonly CausedStep[], name: StepEvent, details?: EventDetails): void {
  for (const step of new Set(steps)) step.event(name, details);
}

/** Marks steps as failed by what was thrown. */
export function failAll(steps: readonly CausedStep[], error: unknown): void {
  for (const step of new Set(steps)) step.fail(nameOf(error));
}

/** The code or the name of what was thrown, for traces: its message may quote an event. Never throws itself. */
export function nameOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error;
    const { code } = error as { code?: unknown };
    return String(typeof code === 'string' ? code : error.name);
  } catch {
    return 'unknown';
  }
}

const ignore = () => undefined;

/** An observer that ignores everything. */
export const silentObserver: Observer = {
  step: (_step, run) => run(ignore),
  stepFor: (_step, causes, run) => run(untraced(causes)),
  event: () => undefined,
  traceparent: () => undefined,
  warn: () => undefined,
  count: () => undefined,
};
