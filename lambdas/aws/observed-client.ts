import { describeCall, type ObservedCall } from './call-description.ts';

/** What an answer or an error of the SDK says about its call. */
export interface ObservedResult {
  /** The first one included. */
  readonly attempts?: number | undefined;
  readonly requestId?: string | undefined;
}

/** Runs calls. It calls `run` once, and passes on its result or its error. */
export interface CallObserver {
  call<Result>(
    call: ObservedCall,
    run: () => Promise<Result>,
    resultOf: (outcome: unknown) => ObservedResult,
  ): Promise<Result>;
}

/** The part of an SDK client that is needed. */
interface Client {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'initialize'; name: string; priority: 'high' }): void;
  };
}

type Next = (args: { readonly input: unknown }) => Promise<unknown>;
type Names = { readonly clientName?: string; readonly commandName?: string };

let observer: CallObserver | undefined;

/** Sets the observer of all calls of this process. Undefined: nobody observes. */
export function observeCalls(by: CallObserver | undefined): void {
  observer = by;
}

/** The client, with its calls observed: one call has all its attempts. Its content is not observed. */
export function observed<Observed extends Client>(client: Observed): Observed {
  const middleware = (next: Next, names: Names) => async (args: { readonly input: unknown }) => {
    const by = observer;
    // Signing a URL runs the same middleware, by a bare input instead of a command. Nothing is sent then.
    if (by === undefined || !('middlewareStack' in args)) return next(args);
    return by.call(describeCall(names, args.input), () => next(args), resultOf);
  };
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'observed', priority: 'high' });
  return client;
}

interface Outcome {
  readonly output?: { readonly $metadata?: ObservedResult };
  readonly $metadata?: ObservedResult;
}

/** An answer has the metadata in its output. An error has them itself. */
function resultOf(outcome: unknown): ObservedResult {
  const { output, $metadata = output?.$metadata } = (outcome ?? {}) as Outcome;
  return { attempts: $metadata?.attempts, requestId: $metadata?.requestId };
}
