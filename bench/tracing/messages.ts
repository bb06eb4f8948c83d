/** The messages between the bench and a process of the API's function. */
export interface InvokeMessage {
  /** The bundle to load first: the path of its `index.js`. Absent: it is loaded. */
  readonly load?: string;
  readonly event: object;
  /** The value of `_X_AMZN_TRACE_ID`, which Lambda sets for each invocation. */
  readonly traceHeader: string;
}

/** What one invocation took. */
export interface Timing {
  /** From the start, which is that of loading if the message asks for it, to the answer. */
  readonly ms: number;
  /** Time of processors in all threads of the process, from the same start. */
  readonly cpuMs: number;
  /** To load the bundle; 0 if it was loaded. */
  readonly loadMs: number;
}

/** The answer of the process. */
export type InvokedMessage =
  | { readonly timing: Timing; readonly statusCode: number }
  | { readonly error: string };
