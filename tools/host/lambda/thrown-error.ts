import type { ThrownError } from './messages.ts';

/** Causes of causes are kept this deep. */
const longestChain = 4;

/** Describes anything thrown. Works by shape: errors of other threads are not instances of this thread's `Error`. */
export function describeThrown(thrown: unknown, chain = 1): ThrownError {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) {
    return { name: typeof thrown, message: String(thrown), stack: '' };
  }
  const { name, message, stack, cause } = thrown as Partial<Error>;
  const hasCause = cause !== undefined && cause !== null && chain < longestChain;
  return {
    name: String(name ?? 'Error'),
    message: String(message),
    stack: String(stack ?? ''),
    ...(hasCause && { cause: describeThrown(cause, chain + 1) }),
  };
}
