/**
 * What the functions measure themselves, in addition to AWS's metrics. `lambdas/` sends it; alarms and dashboard in `lib/`
 * read it. An invocation sends each value at most once, and only if it was recorded. CloudWatch bills each name for every
 * combination of dimensions: do not add dimensions to {@link telemetryDimensions}, and never an id or personal data.
 */

/** The CloudWatch namespace. */
export const telemetryNamespace = 'Streamfold';

/** `stage`: as in `streamfold-<stage>`. `service`: the function's name without its stage, `api` or `ledger-projector`. */
export const telemetryDimensions = ['stage', 'service'] as const;

/** Each name with its unit. */
export const telemetryUnits = {
  /** Commands that were committed. A transfer is one command. From `api`, `metrics-sweeper`, `prescription-analyzer`. */
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
  /** Streams and records that were parked; parking one again counts again. From `publisher` and every projector. */
  Parked: 'Count',
  /** Time from commit to publication, of the oldest commit that the invocation published. From `publisher`. */
  PublishLag: 'Milliseconds',
  /** Time from commit to projection, of the oldest commit that the invocation received. From every projector. */
  ProjectionLag: 'Milliseconds',
} as const;

/** The name of a value. */
export type TelemetryName = keyof typeof telemetryUnits;

/** The name of a count. CloudWatch adds up the values of one minute. */
export type Counter = {
  [Name in TelemetryName]: (typeof telemetryUnits)[Name] extends 'Count' ? Name : never;
}[TelemetryName];

/** The name of a lag, in ms. */
export type Lag = Exclude<TelemetryName, Counter>;
