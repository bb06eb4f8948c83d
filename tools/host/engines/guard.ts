import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Runs a program that must not outlive this process, however this process ends. A shell holds our end of a pipe as its
 * input: when that closes, because we asked or were killed, it stops the program. It reports the program's id first, and
 * takes along whatever the program leaves behind: they are a process group of their own.
 */
const script = `
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
echo "pid $program"
( cat <&3 >/dev/null; kill "$program" 2>/dev/null ) >/dev/null 2>&1 &
wait "$program"
kill -KILL 0
`;

export interface GuardedProcess {
  /** Of the program itself, not of its guard. */
  readonly pid: number;
  /** Resolves when the program is gone, with what it last said on stderr. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

export interface GuardOptions {
  /** The program's whole environment; without, that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Given what the program prints, in pieces of any length. */
  readonly onOutput?: (text: string) => void;
}

const stopTimeoutMs = 3_000;
const keptOutputChars = 2_000;

/**
 * Starts `command` and waits until what it prints matches `readyLine`.
 * @throws when it ends or `readyTimeoutMs` passes before that.
 */
export async function startGuarded(
  command: readonly string[],
  readyLine: RegExp,
  readyTimeoutMs: number,
  { env, onOutput }: GuardOptions = {},
): Promise<GuardedProcess> {
  // A process group of its own: Ctrl-C in a terminal must reach the host only, which then stops things in order.
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
  guard.stdin.on('error', () => undefined); // The guard may end first; its exit says so.
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
      if (isReady) return; // Read on, so that the program never waits for room in the pipe.
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
