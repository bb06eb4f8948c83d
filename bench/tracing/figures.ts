/** The samples of one contender, in ms, in the order of the turns. */
export interface Samples {
  readonly name: string;
  readonly samplesMs: readonly number[];
}

/** A figure of several contenders, measured in turns. */
export interface Comparison {
  readonly what: string;
  /** `median` of times, `mean` of the time of processors: rare work, such as collecting garbage, is a cost too. */
  readonly average: 'median' | 'mean';
  /** The first is what the others are compared with. */
  readonly results: readonly Samples[];
}

/** What the adapter of OTLP exported to a receiver that works. */
export interface ExportFigure {
  /** Spans of a warm credit. */
  readonly creditSpans: number;
  /** Bytes of the request that exports them. */
  readonly creditBytes: number;
  /** Starts and warm credits whose spans arrived, of all. The others took longer than an export may, or came soon after one that did. */
  readonly starts: Exported;
  readonly credits: Exported;
}

export interface Exported {
  readonly arrived: number;
  readonly all: number;
}

/** What an adapter adds to the bundle of the API. */
export interface BundleFigure {
  readonly name: string;
  /** The bundle with it, less the bundle without it. */
  readonly bytes: number;
  /** To load and create the adapter in a new process that has loaded the API, in ms. */
  readonly loadMs: readonly number[];
}

/** Commands while a receiver fails. */
export interface FailureFigure extends Samples {
  /** Requests that reached the receiver. One that is slow makes a command wait with each. */
  readonly requests: number;
  readonly spansDropped: number;
  readonly warnings: number;
}

/** What tracing costs the API's function. */
export interface TracingFigures {
  readonly cost: readonly Comparison[];
  readonly bundles: readonly BundleFigure[];
  /** Bytes of the API's bundle with both adapters. */
  readonly bundleBytes: number;
  readonly exports: ExportFigure;
  /** The first is without tracing. */
  readonly failures: readonly FailureFigure[];
  /** From the failure of the receivers to the last command, in s. */
  readonly failureSeconds: number;
}
