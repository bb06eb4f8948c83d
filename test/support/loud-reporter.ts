import type { Reporter } from '@jest/reporters';
import type { Config } from '@jest/types';
import { saidLoudly } from './loud-lines.ts';

/**
 * Prints just above the last line what was left out of the run. List it before the reporters that remove the logs folder
 * and that write the last line.
 */
export default class LoudReporter implements Pick<Reporter, 'onRunStart' | 'onRunComplete'> {
  readonly #lines: readonly string[];

  /**
   * @param options `lines`: what the configuration itself leaves out. Printed at the start of the run too, unless only some
   * specs run.
   */
  constructor(
    { nonFlagArgs }: Pick<Config.GlobalConfig, 'nonFlagArgs'>,
    { lines = [] }: { readonly lines?: readonly string[] } = {},
  ) {
    this.#lines = nonFlagArgs.length === 0 ? lines : [];
  }

  onRunStart(): void {
    write(this.#lines);
  }

  onRunComplete(): void {
    const lines = [...this.#lines, ...saidLoudly()];
    process.once('exit', () => write(lines));
  }
}

function write(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`!!! LEFT OUT: ${line}\n`);
}
