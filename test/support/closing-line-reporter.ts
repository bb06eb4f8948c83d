import type { AggregatedResult, Reporter } from '@jest/reporters';

/** Closes a test run with the plain line `N passed, N failed`; a suite that could not even load counts as a failure. */
export default class ClosingLineReporter implements Pick<Reporter, 'onRunComplete'> {
  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Jest's own summary is written after the reporters ran: leave the last word to this line.
    process.once('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`));
  }
}
