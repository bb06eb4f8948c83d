import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const keptOutputChars = 20_000;

/** A Node process that a test started. */
export interface NodeProcess {
  readonly child: ChildProcess;
  /** The end of everything that it has printed so far. */
  readonly output: () => string;
  /** Resolves when it has ended, with its exit code; null when a signal ended it. */
  readonly exitCode: Promise<number | null>;
  /** Sends it a signal, unless it has ended, and waits for its end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts Node with these arguments, in the root of the project or in another folder. */
export function startNode(args: readonly string[], folder = root): NodeProcess {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-keptOutputChars);
    });
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exitCode;
  };
  return { child, output: () => output, exitCode, end };
}
