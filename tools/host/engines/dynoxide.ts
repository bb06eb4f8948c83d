import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { poll } from '../poll.ts';
import { UserError } from '../user-error.ts';
import type { Engine, OnCrash } from './engine.ts';
import { startProgramEngine } from './program-engine.ts';

const readyTimeoutMs = 15_000;
const orphanTimeoutMs = 5_000;

/**
 * Starts DynamoDB with its streams. It keeps its data in one SQLite file in `folder`.
 * @throws {UserError} when the program is missing or does not start.
 */
export async function startDynoxide(folder: string, onCrash: OnCrash): Promise<Engine> {
  const program = findProgram();
  const database = join(folder, 'dynamodb.sqlite');
  const pidFile = join(folder, 'dynamodb.pid');
  await stopOrphan(pidFile, database);
  const engine = await startProgramEngine({
    name: 'dynoxide',
    commandFor: (port, address) => [
      ...[program, 'serve', '--host', address],
      ...['--port', String(port), '--db-path', database],
    ],
    readyLine: /listening on/i,
    readyTimeoutMs,
    onCrash,
  });
  writeFileSync(pidFile, String(engine.pid), { mode: 0o600 });
  const stop = async () => {
    await engine.stop();
    rmSync(pidFile, { force: true });
  };
  return { ...engine, onTablesCreated: () => indexStreamRecords(database), stop };
}

function findProgram(): string {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'dynoxide'));
  try {
    const resolver = createRequire(import.meta.url);
    const manifest = `@dynoxide/${process.platform}-${process.arch}/package.json`;
    candidates.unshift(join(resolver.resolve(manifest), '../dynoxide'));
  } catch {
    // No package for this platform: the PATH may have it.
  }
  const program = candidates.find(isExecutable);
  if (program !== undefined) return program;
  throw new UserError(
    'There is no DynamoDB engine for this platform: install one with "cargo install dynoxide-rs", or use a running one with --dynamodb URL.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Stops an engine of which host and guard were killed. A guard that still runs stops the engine itself. */
async function stopOrphan(pidFile: string, database: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const isGone = () => {
    if (!Number.isInteger(pid) || pid <= 1 || !commandOf(pid).includes(database)) return true;
    process.kill(pid, 'SIGTERM');
    return false;
  };
  await poll(isGone, Boolean, {
    timeoutMs: orphanTimeoutMs,
    intervalMs: 50,
    onTimeout: () =>
      new UserError(`A DynamoDB engine (process ${pid}) still uses ${database}: stop it and start again.`),
  });
  rmSync(pidFile);
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return ''; // ps fails when there is no such process.
  }
}

/**
 * dynoxide reads all stream records of a table at each write, to find the next sequence number. An index reduces that to one
 * look-up, with the same answers: 10,000 conditional puts took 13.8 s without it and 3.7 s with it.
 */
function indexStreamRecords(database: string): void {
  const connection = new DatabaseSync(database, { timeout: 2_000 });
  try {
    const table = connection.prepare(`SELECT 1 FROM sqlite_master WHERE name = '_stream_records'`).get();
    if (table === undefined) return;
    connection.exec(
      `CREATE INDEX IF NOT EXISTS local_stream_records
         ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`,
    );
  } finally {
    connection.close();
  }
}
