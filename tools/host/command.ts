import { relative, sep } from 'node:path';
import { inspect } from 'node:util';
import { commandOf, parentOf } from './processes.ts';
import { isRunning } from './temporary-folder.ts';
import { terminalText } from './terminal-text.ts';
import { UserError } from './user-error.ts';

/** Runs a command of the project. Prints what it throws, a {@link UserError} as its message only, and exits with 1. Control characters are printed as codes. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(terminalText(error instanceof UserError ? error.message : inspect(error)));
    process.exit(1);
  }
}

const parentCheckMs = 500;

/**
 * Calls `onFirst` at the first SIGINT, SIGTERM or SIGHUP, with which a user or a terminal stops this process, and when the npm that
 * started it is gone. A second signal ends the process at once.
 * @param boundMs after this time the process ends in any case; by default it may take any time
 */
export function onStopSignal(onFirst: () => void, boundMs?: number): void {
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    if (boundMs !== undefined) setTimeout(endAnyway, boundMs, boundMs).unref();
    onFirst();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      stop();
    });
  }
  whenNpmIsGone(() => {
    if (!isStopping) stop();
  });
}

function endAnyway(boundMs: number): void {
  console.error(`Not everything has ended within ${boundMs / 1_000} s: it is ended now.`);
  process.exit(1);
}

/**
 * Calls `onGone` when the npm that started this process has ended, or the shell between them, even before this call. A killed npm
 * passes no signal on, and a shell never does.
 */
function whenNpmIsGone(onGone: () => void): void {
  const script = process.env['npm_lifecycle_script'] ?? '';
  const program = relative(process.cwd(), process.argv[1] ?? '').replaceAll(sep, '/');
  // Another program that npm started, such as a test, may have started this one.
  if (program === '' || !script.includes(program)) return;
  const parent = process.ppid;
  // Some shells replace themselves by the program that they run. Then the parent is npm.
  const npm = commandOf(parent).includes(script) ? (parentOf(parent) ?? parent) : parent;
  const isThere = isNpm(npm) ? () => process.ppid === parent && isRunning(npm) : () => false;
  const timer = setInterval(() => {
    if (isThere()) return;
    clearInterval(timer);
    onGone();
  }, parentCheckMs);
  timer.unref();
}

/** A process whose parent has ended gets another: the first of the machine, or one of its session. */
function isNpm(pid: number): boolean {
  const command = commandOf(pid);
  return command === '' || /npm|yarn|bun/.test(command);
}
