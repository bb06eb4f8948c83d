import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Runs a program that ends with this process, even when this process is killed. The shell's input is a pipe from this
 * process: when it closes, the shell stops the program. The shell first prints the program's id. At the end it kills its
 * process group, and with it everything that the program has started.
 */
const script = `
umask 077
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
echo "pid $program"
( cat <&3 >/dev/null; kill "$program" 2>/dev/null ) >/dev/null 2>&1 &
wait "$program"
kill -KILL 0
`;

/** A program that ends with this process. */
export interface GuardedProcess {
  /** The program's id, not that of its guard. */
  readonly pid: number;
  /** Resolves when the program has ended, with the end of its stderr. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

export interface GuardOptions {
  /** The program's whole environment; by default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the program's output, in pieces of any length. */
  readonly onOutput?: (text: string) => void;
}

const stopTimeoutMs = 3_000;
const keptOutputChars = 2_000;

/**
 * Starts `command` and waits until its output matches `readyLine`.
 * @throws when it ends before, or after `readyTimeoutMs`.
 */
export async function startGuarded(
  command: readonly string[],
  readyLine: RegExp,
  readyTimeoutMs: number,
  { env, onOutput }: GuardOptions = {},
): Promise<GuardedProcess> {
  // A process group of its own: Ctrl-C in a terminal must reach the host only, which then stops everything in order.
  const guard = spawn('/bin/sh', ['-c', script, 'guard', ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(env && { env }),
  });
  let errorOutput = '';
  guard.stderr.on('data', (chunk) => {
    errorOutput = `${errorOutput}${chunk}`.slice(-keptOutputChars);
  });
  if (onOutput !== undefined) {
    for (const stream of [guard.stdout, guard.stderr]) stream.on('data', (chunk) => onOutput(String(chunk)));
  }
  guard.stdin.on('error', () => undefined); // The guard may end first; `exited` reports it.
  const exited = new Promise<string>((resolve) => guard.once('close', () => resolve(errorOutput.trim())));
  const stop = () => stopGuard(guard, exited);
  try {
    const pid = await untilReady(guard, exited, readyLine, readyTimeoutMs);
    return { pid, exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function untilReady(
  guard: ChildProcess,
  exited: Promise<string>,
  readyLine: RegExp,
  timeoutMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready within ${timeoutMs} ms`)), timeoutMs);
    let output = '';
    let isReady = false;
    guard.once('error', reject);
    const read = (chunk: Buffer) => {
      if (isReady) return; // Keeps reading: the program would stop at a full pipe.
      output += chunk;
      const pid = /^pid (\d+)$/m.exec(output)?.[1];
      if (pid === undefined || !readyLine.test(output)) return;
      isReady = true;
      clearTimeout(timer);
      resolve(Number(pid));
    };
    guard.stdout?.on('data', read);
    guard.stderr?.on('data', read);
    exited.then((errorOutput) => {
      clearTimeout(timer);
      reject(new Error(errorOutput === '' ? 'it ended at once' : errorOutput));
    });
  });
}

async function stopGuard(guard: ChildProcess, exited: Promise<string>): Promise<void> {
  guard.stdin?.end();
  const timer = setTimeout(() => killGroup(guard), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}

function killGroup(guard: ChildProcess): void {
  if (guard.pid === undefined) return;
  try {
    process.kill(-guard.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
