import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolderError } from '../permissions.ts';
import { poll } from '../poll.ts';
import { commandOf } from '../processes.ts';
import { UserError } from '../user-error.ts';
import type { Engine } from './engine.ts';

const orphanTimeoutMs = 5_000;

/**
 * Starts an engine that keeps its data in `folder`. Its process id is kept there too: an engine of which host and guard were killed is
 * stopped first.
 * @param argument stands in the command line of the program, and of no other program
 * @throws {UserError} when such an engine does not end.
 */
export async function startKeptProgram(
  folder: string,
  argument: string,
  start: () => Promise<Engine & { readonly pid: number }>,
): Promise<Engine> {
  const pidFile = join(folder, 'dynamodb.pid');
  await stopOrphan(pidFile, argument);
  const engine = await start();
  try {
    writeFileSync(pidFile, String(engine.pid), { mode: 0o600 });
  } catch (error) {
    await engine.stop();
    throw dataFolderError(folder, error);
  }
  const stop = async () => {
    await engine.stop();
    rmSync(pidFile, { force: true });
  };
  return { ...engine, stop };
}

/** Stops an engine of which host and guard were killed. A guard that still runs stops the engine itself. */
async function stopOrphan(pidFile: string, argument: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const isGone = () => {
    if (!Number.isInteger(pid) || pid <= 1 || !commandOf(pid).includes(argument)) return true;
    process.kill(pid, 'SIGTERM');
    return false;
  };
  await poll(isGone, Boolean, {
    timeoutMs: orphanTimeoutMs,
    intervalMs: 50,
    onTimeout: () =>
      new UserError(`A DynamoDB engine (process ${pid}) still uses ${argument}: stop it and start again.`),
  });
  rmSync(pidFile);
}
