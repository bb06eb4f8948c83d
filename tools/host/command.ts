import { UserError } from './user-error.ts';

/** Runs a command of the project. Prints what it throws, a {@link UserError} as its message only, and exits with 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error);
    process.exit(1);
  }
}

/**
 * Calls `onFirst` at the first SIGINT, SIGTERM or SIGHUP, with which a user or a terminal stops this process. A second
 * signal ends the process at once.
 */
export function onStopSignal(onFirst: () => void): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      onFirst();
    });
  }
}
