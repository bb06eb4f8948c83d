import { exportMessages } from '../../../schema/tracing.ts';
import { readLogLine } from '../log-line.ts';

/** The warnings of functions that their spans are not sent. Each instance of each function warns, and the user needs to hear it once. */
export class TraceWarnings {
  #isTold = false;

  /** False: the line is such a warning, and not the first one of this outage. */
  isNews(line: string): boolean {
    const read = readLogLine(line);
    if (read.kind !== 'record') return true;
    if (read.message.startsWith(exportMessages.over)) this.outageIsOver();
    if (!read.message.startsWith(exportMessages.failed)) return true;
    const isFirst = !this.#isTold;
    this.#isTold = true;
    return isFirst;
  }

  outageIsOver(): void {
    this.#isTold = false;
  }
}
