import { describe } from '@jest/globals';
import { sayLoudly } from './loud-lines.ts';

/**
 * A `describe` for specs that need something which a machine may not have. With a reason why it is missing, they are skipped,
 * and the end of the run says so.
 */
export function describeUnless(missing: string | undefined, title: string, block: () => void): void {
  if (missing === undefined) {
    describe(title, block);
    return;
  }
  sayLoudly(`${title}: ${missing}`);
  const leaveOut = describe.skip;
  leaveOut(title, block);
}
