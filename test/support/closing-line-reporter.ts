import type { AggregatedResult, Reporter } from '@jest/reporters';

/** Ends a test run with the line `N passed, N failed`. A suite that did not load counts as one failure. */
export default class ClosingLineReporter implements Pick<Reporter, 'onRunComplete'> {
  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Jest writes its own summary after the reporters ran: this line must come after it.
    process.once('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`));
  }
}
