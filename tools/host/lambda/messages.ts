/** Messages between the host and the thread of a function. Payloads are JSON text, as on Lambda. */
export interface InvokeMessage {
  requestId: string;
  payload: string;
  /** Epoch ms. */
  deadlineMs: number;
}

/** An error that a function threw, or how it ended. */
export interface ThrownError {
  /** The name of an error class, or Lambda's error type, such as `Sandbox.Timedout`. */
  readonly name: string;
  readonly message: string;
  /** As V8 writes it, in lines of the source if the bundle has a source map. Empty: there is none. */
  readonly stack: string;
  readonly cause?: ThrownError;
}

/** A message of the thread to the host. The first one is `ready` or `not-loaded`. */
export type ThreadMessage =
  | { kind: 'ready' }
  | { kind: 'not-loaded'; error: ThrownError }
  | { kind: 'result'; payload: string }
  | { kind: 'error'; error: ThrownError };

/** The data that a thread starts with. */
export interface ThreadData {
  codeFolder: string;
  /** For example `index.handler`. */
  handler: string;
  functionArn: string;
}

/** The JSON of an error in the answer to an invocation. */
export function errorPayload({ name, message, stack }: ThrownError): string {
  const trace = stack === '' ? {} : { trace: stack.split('\n') };
  return JSON.stringify({ errorType: name, errorMessage: message, ...trace });
}
