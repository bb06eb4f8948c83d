import type { ThrownError } from './messages.ts';

/** Causes of causes are kept this deep. */
const longestChain = 4;

/**
 * Describes anything thrown, and never throws. Works by shape: errors of other threads are not instances of this thread's `Error`.
 * An object that is no error is shown as JSON.
 */
export function describeThrown(thrown: unknown, chain = 1): ThrownError {
  try {
    if (typeof thrown !== 'object' || thrown === null) return withoutStack(thrown, String(thrown));
    return 'message' in thrown
      ? describeError(thrown, chain)
      : withoutStack(thrown, JSON.stringify(thrown) ?? notShown);
  } catch {
    // A cycle, or a method of its own that throws.
    return withoutStack(thrown, notShown);
  }
}

const notShown = 'What was thrown cannot be shown.';

function withoutStack(thrown: unknown, message: string): ThrownError {
  return { name: typeof thrown, message, stack: '' };
}

function describeError(thrown: object, chain: number): ThrownError {
  const { name, message, stack, cause } = thrown as Partial<Error>;
  const hasCause = cause !== undefined && cause !== null && chain < longestChain;
  return {
    name: String(name ?? 'Error'),
    message: String(message),
    stack: String(stack ?? ''),
    ...(hasCause && { cause: describeThrown(cause, chain + 1) }),
  };
}
