import type { Writable } from 'node:stream';
import type { RecordRead } from '../http/reads.ts';

/**
 * Writes lines of the audit of reads to the log of the function, at every level of logging: Powertools' logger would omit them on
 * a stage that logs warnings only. If `output` fails, the process ends with the error, and so does the request.
 */
export function recordReadTo(output: Writable): RecordRead {
  return (line) => {
    output.write(`${JSON.stringify(line)}\n`, (error) => {
      if (error) throw error;
    });
  };
}
