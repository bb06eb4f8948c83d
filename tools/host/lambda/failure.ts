import type { ThrownError } from './messages.ts';

/** Something that a function did wrong, for the person who runs the host. */
export type FunctionFailure = { readonly functionName: string; readonly error: ThrownError } & (
  | {
      readonly kind: 'invocation';
      /** What invoked it: `GET /health`. */
      readonly origin: string;
      readonly requestId: string;
    }
  /** Its code does not load. */
  | { readonly kind: 'load' }
  /** An instance ended between two invocations. */
  | { readonly kind: 'crash' }
);
