import { UserError } from '../host/user-error.ts';

/**
 * A call failed, and the same call may succeed later: the function failed, is throttled, or nobody answers. What was asked for may
 * have been done all the same.
 */
export class PassingFault extends UserError {}

/** The message with a full stop: what a function throws ends without one. */
export function sentence({ message }: Error): string {
  return message.replace(/\.?$/, '.');
}
