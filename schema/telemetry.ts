/**
 * What the functions count themselves, beside what AWS measures of every resource: `lambdas/` counts it, and alarms and
 * dashboard in `lib/` read it. An invocation sends each value at most once, as a number, and only if it is not zero.
 * CloudWatch bills each name for every combination of dimensions: add no dimensions to {@link telemetryDimensions}, and
 * never an id or personal data.
 */

/** The CloudWatch namespace. */
export const telemetryNamespace = 'Streamfold';

/** `stage`: as in `streamfold-<stage>`. `service`: the function's name without its stage, `api` or `ledger-projector`. */
export const telemetryDimensions = ['stage', 'service'] as const;

/** Each name with its unit. */
export const telemetryUnits = {
  /** Commands that led to a commit. A transfer is one command. From `api`, `metrics-sweeper`, `prescription-analyzer`. */
  Commands: 'Count',
  /** Commands that were already in the log and got their first answer again. From the same functions. */
  RepeatedCommands: 'Count',
  /** Commands that the business refused, with nothing written (`ledger/insufficient-funds`). From the same functions. */
  Refusals: 'Count',
  /** Appends that another writer preceded; the command was decided again or given up. From the same functions. */
  Conflicts: 'Count',
  /** Streams and records that were parked; parking one again counts again. From `publisher` and every projector. */
  Parked: 'Count',
  /** Time from commit to publication, of the oldest commit that the invocation published. From `publisher`. */
  PublishLag: 'Milliseconds',
  /** Time from commit to its row, of the oldest commit that the invocation received. From every projector. */
  ProjectionLag: 'Milliseconds',
} as const;

export type TelemetryName = keyof typeof telemetryUnits;

/** Counts; the values of one minute add up. */
export type Counter = {
  [Name in TelemetryName]: (typeof telemetryUnits)[Name] extends 'Count' ? Name : never;
}[TelemetryName];

/** How late something is, in ms. */
export type Lag = Exclude<TelemetryName, Counter>;
