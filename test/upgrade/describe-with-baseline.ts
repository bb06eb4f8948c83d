import { describe } from '@jest/globals';
import { sayLoudly } from '../support/loud-lines.ts';
import { whyNoBaseline } from './baseline.ts';

const missing = whyNoBaseline();

/** A `describe` for specs that need the old system. Without it they are skipped, and the end of the run says so. */
export function describeWithBaseline(title: string, block: () => void): void {
  if (missing === undefined) {
    describe(title, block);
    return;
  }
  sayLoudly(`${title}: ${missing}`);
  const leaveOut = describe.skip;
  leaveOut(title, block);
}
