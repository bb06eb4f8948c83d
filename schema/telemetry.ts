/**
 * The metrics that the functions send themselves, beside those that AWS keeps of every resource: `lambdas/` counts them,
 * and alarms and dashboard in `lib/` read them. An invocation sends each of its metrics at most once, as a number, and only
 * what is not zero. CloudWatch bills every metric by the dimensions it comes with: a new one comes by
 * {@link telemetryDimensions} only, and never by an id or anything personal.
 */

/** Where CloudWatch files them. */
export const telemetryNamespace = 'Streamfold';

/** `stage`: as in `streamfold-<stage>`. `service`: the function's name without its stage, `api` or `ledger-projector`. */
export const telemetryDimensions = ['stage', 'service'] as const;

/** Each metric with its unit. */
export const telemetryUnits = {
  /** Commands that led to a commit. A transfer is one command. From `api`, `metrics-sweeper`, `prescription-analyzer`. */
  Commands: 'Count',
  /** Commands that were already in the log and got their first answer again. From the same. */
  RepeatedCommands: 'Count',
  /** Commands that the business refused, with nothing written (`ledger/insufficient-funds`). From the same. */
  Refusals: 'Count',
  /** Lost races: another writer was faster and the command was decided again, or given up at last. From the same. */
  Conflicts: 'Count',
  /** Streams and records that were set aside, or set aside once more. From `publisher` and every projector. */
  Parked: 'Count',
  /** From commit to published, of the oldest commit that this invocation published. From `publisher`. */
  PublishLag: 'Milliseconds',
  /** From commit to its row, of the oldest commit that this invocation was brought. From every projector. */
  ProjectionLag: 'Milliseconds',
} as const;

export type Metric = keyof typeof telemetryUnits;

/** A metric that counts; the values of one minute add up. */
export type Counter = {
  [Name in Metric]: (typeof telemetryUnits)[Name] extends 'Count' ? Name : never;
}[Metric];

/** A metric that tells how late something is, in ms. */
export type Lag = Exclude<Metric, Counter>;
