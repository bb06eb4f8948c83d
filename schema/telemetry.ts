/**
 * What the functions measure themselves, in addition to AWS's metrics. `lambdas/` sends it; alarms and dashboard in `lib/`
 * read it. An invocation sends each value at most once, and only if it was recorded. CloudWatch bills each name for every
 * combination of dimensions: do not add dimensions to {@link telemetryDimensions}, and never an id or personal data.
 */

import { aggregateNames, type ContextName } from './contexts.ts';
import { constructName } from './names.ts';

/** The CloudWatch namespace. */
export const telemetryNamespace = 'Streamfold';

/** `stage`: as in `streamfold-<stage>`. `service`: the function's name without its stage, `api` or `ledger-projector`. */
export const telemetryDimensions = ['stage', 'service'] as const;

/** The name of the count of one context's published commits: `PublishedLedger`. */
export type PublishedCounter = `Published${string}`;

/** See {@link PublishedCounter}. */
export function publishedCounter(context: ContextName): PublishedCounter {
  return `Published${constructName(context)}`;
}

/** Commits of each context that reached the event stream; publishing one again counts again. From `publisher`. */
const publishedUnits = Object.fromEntries(
  aggregateNames.map((context) => [publishedCounter(context), 'Count']),
) as Readonly<Record<PublishedCounter, 'Count'>>;

const otherUnits = {
  /** Commands that were committed. A transfer is one command. From `api`, `metrics-sweeper`, `prescription-recorder`. */
  Commands: 'Count',
  /** Commands that were already in the log and got their first answer again. From the same functions. */
  RepeatedCommands: 'Count',
  /** Commands that the domain rejected (`ledger/insufficient-funds`). From the same functions. */
  Refusals: 'Count',
  /** Attempts in which another writer committed first. From the same functions. */
  Conflicts: 'Count',
  /** Appends that were cut off because they took too long. From the same functions. */
  CutOffs: 'Count',
  /** Appends and questions about the past that were refused because the clock is off. From the same functions. */
  ClockRefusals: 'Count',
  /** Commits that were changed, removed or replaced in the log, each time that one is met. From every function that reads it. */
  LogChanged: 'Count',
  /** Streams whose stored rows or lines differ from a fold of their events, each time that one is met. From `verifier`. */
  Differences: 'Count',
  /** Sealed segments that could not be used, so that the log was read, each time that one is met. From every function that reads them. */
  SegmentsUnusable: 'Count',
  /** Streams and records that were parked; parking one again counts again. From `publisher` and every projector. */
  Parked: 'Count',
  /** Batches of the log's stream that arrived. From `publisher`, which a schedule invokes as well. */
  Batches: 'Count',
  /** Commits that a destination did not accept because of an outage, for each destination. From `publisher`. */
  Deferred: 'Count',
  /** Spans that were not delivered, or not recorded because an invocation had too many. From every function that is traced by OTLP. */
  SpansDropped: 'Count',
  /** Age of the oldest commit that waits for a destination, once a minute. No value if none waits. From `publisher`. */
  WaitingLag: 'Milliseconds',
  /** Time from commit to publication, of the oldest commit that the invocation published. From `publisher`. */
  PublishLag: 'Milliseconds',
  /** Time from commit to projection, of the oldest commit that the invocation received. From every projector. */
  ProjectionLag: 'Milliseconds',
} as const;

/** Each name with its unit. */
export const telemetryUnits: typeof otherUnits & typeof publishedUnits = { ...otherUnits, ...publishedUnits };

/** The name of a value. */
export type TelemetryName = keyof typeof telemetryUnits;

/** The name of a count. CloudWatch adds up the values of one minute. */
export type Counter = {
  [Name in TelemetryName]: (typeof telemetryUnits)[Name] extends 'Count' ? Name : never;
}[TelemetryName];

/** The name of a lag, in ms. */
export type Lag = Exclude<TelemetryName, Counter>;
