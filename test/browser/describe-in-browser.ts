import { describeUnless } from '../support/describe-unless.ts';
import { findChromium } from './chromium.ts';
import { installChromium } from './install.ts';

const missing = await installChromium();

/** A `describe` for specs that need Chromium. Without it they are skipped, and the end of the run says so. */
export function describeInBrowser(title: string, block: (program: string) => void): void {
  describeUnless(missing, title, () => block(findChromium() ?? 'chromium'));
}
