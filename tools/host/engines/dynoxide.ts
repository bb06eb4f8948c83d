import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, UserError } from '../user-error.ts';
import type { Engine, OnCrash } from './engine.ts';
import { freePort, loopback } from './free-port.ts';
import { startGuarded } from './guard.ts';

const readyTimeoutMs = 15_000;
const orphanTimeoutMs = 5_000;
const portAttempts = 3;

/** DynamoDB and its streams, kept in one SQLite file in `folder`. */
export interface Dynoxide extends Engine {
  /** Call once the tables exist. */
  indexStreamRecords(): void;
}

/** @throws {UserError} when the program is missing or does not start. */
export async function startDynoxide(folder: string, onCrash: OnCrash): Promise<Dynoxide> {
  const program = findProgram();
  const database = join(folder, 'dynamodb.sqlite');
  const pidFile = join(folder, 'dynamodb.pid');
  await stopOrphan(pidFile, database);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const command = [program, 'serve', '--host', loopback, '--port', String(port), '--db-path', database];
    try {
      const guarded = await startGuarded(command, /listening on/i, readyTimeoutMs);
      writeFileSync(pidFile, String(guarded.pid));
      let isStopping = false;
      guarded.exited.then((reason) => {
        if (!isStopping) onCrash('dynoxide', reason || 'it ended');
      });
      return {
        name: 'dynoxide',
        url: `http://${loopback}:${port}`,
        indexStreamRecords: () => indexStreamRecords(database),
        stop: async () => {
          isStopping = true;
          await guarded.stop();
          rmSync(pidFile, { force: true });
        },
      };
    } catch (error) {
      // Another program may have taken the port in between.
      if (attempt === portAttempts) throw new UserError(`dynoxide did not start: ${messageOf(error)}`);
    }
  }
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
    'No DynamoDB engine for this platform: install one with "cargo install dynoxide-rs", or name one that runs with --dynamodb URL.',
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

/** A guard stops its engine within moments of its host's death; this is for the machine where it could not. */
async function stopOrphan(pidFile: string, database: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const deadline = Date.now() + orphanTimeoutMs;
  while (Number.isInteger(pid) && pid > 1 && commandOf(pid).includes(database)) {
    if (Date.now() > deadline) {
      throw new UserError(
        `A DynamoDB engine (process ${pid}) still uses ${database}: stop it and start again.`,
      );
    }
    process.kill(pid, 'SIGTERM');
    await delay(50);
  }
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
 * dynoxide reads all stream records of a table at each write to find the next sequence number. An index changes no
 * answer and makes that a look-up: 10,000 conditional puts took 13.8 s without it and 3.7 s with it.
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
