import type { ApiInstance } from './api-instance.ts';
import type { Timing } from './messages.ts';
import { type ApiRequest, accountRequests, eventOf, traceHeader } from './requests.ts';

/** The function that is measured. */
export interface Api {
  /** The path of its `index.js`. */
  readonly bundle: string;
  /** Its environment without the variables of tracing. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A way to trace. */
export interface Variant {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** What Lambda's trace header says. */
  readonly isSampled: boolean;
}

/** Loads the function in a new process and credits a new account. */
export function firstCredit(instance: ApiInstance, { bundle }: Api, variant: Variant): Promise<Timing> {
  return send(instance, variant, accountRequests().credit, bundle);
}

/** Sends a request to a function that runs, or loads it first. */
export function send(
  instance: ApiInstance,
  { isSampled }: Variant,
  request: ApiRequest,
  load?: string,
): Promise<Timing> {
  const message = { event: eventOf(request), traceHeader: traceHeader(isSampled) };
  return instance.invoke({ ...message, ...(load !== undefined && { load }) });
}
