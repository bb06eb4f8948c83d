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

/** What an adapter adds to the bundle of the API. */
export interface BundleFigure {
  readonly name: string;
  /** The bundle with it, less the bundle without it. */
  readonly bytes: number;
  /** To load the adapter alone in a new process, in ms. */
  readonly loadMs: readonly number[];
}

/** Commands while a receiver fails. */
export interface FailureFigure extends Samples {
  /** Requests that reached the receiver. */
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
  /** The spans of a warm credit, and the bytes of the request that exports them. */
  readonly creditSpans: number;
  readonly creditBytes: number;
  /** The first is without tracing. */
  readonly failures: readonly FailureFigure[];
  /** From the failure of the receivers to the last command, in s. */
  readonly failureSeconds: number;
}
