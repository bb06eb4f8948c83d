import { describeUnless } from '../support/describe-unless.ts';
import { whyNoBaseline } from './baseline.ts';

const missing = whyNoBaseline();

/** A `describe` for specs that need the old system. Without it they are skipped, and the end of the run says so. */
export function describeWithBaseline(title: string, block: () => void): void {
  describeUnless(missing, title, block);
}
