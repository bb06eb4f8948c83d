/** Messages between the host and the thread of a function. Payloads are JSON text, as on Lambda. */
export interface InvokeMessage {
  requestId: string;
  payload: string;
  /** Epoch ms. */
  deadlineMs: number;
}

/** A message of the thread to the host. */
export type ThreadMessage =
  | { kind: 'ready' }
  | { kind: 'result'; payload: string }
  | { kind: 'error'; payload: string };

/** The data that a thread starts with. */
export interface ThreadData {
  codeFolder: string;
  /** For example `index.handler`. */
  handler: string;
  functionArn: string;
}

/** The JSON of an error in the answer to an invocation. */
export function errorPayload(errorType: string, errorMessage: string, trace?: readonly string[]): string {
  return JSON.stringify({ errorType, errorMessage, ...(trace && { trace }) });
}
