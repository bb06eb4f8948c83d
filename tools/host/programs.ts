import { type ChildProcess, type ExecFileOptions, execFile } from 'node:child_process';
import { UserError } from './user-error.ts';

/** The programs that this process waits for. */
const running = new Set<ChildProcess>();
let areEnded = false;

/** What a program printed. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program and waits for its end, as `execFile` does; a failure has its output as `stdout` and `stderr`. {@link endPrograms} ends
 * it. For programs that run long: a build, an installation.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<ProgramOutput> {
  if (areEnded) return Promise.reject(new UserError('Stopped.'));
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      running.delete(child);
      if (error) reject(Object.assign(error, { stdout, stderr }));
      else resolve({ stdout, stderr });
    });
    running.add(child);
  });
}

/** Ends the programs that this process waits for. No other starts: this process is about to end. */
export function endPrograms(): void {
  areEnded = true;
  for (const child of running) child.kill();
}
