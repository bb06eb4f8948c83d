import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isExecutable, pathsOf } from '../programs-on-path.ts';
import { UserError } from '../user-error.ts';
import type { Engine, OnCrash } from './engine.ts';
import { startKeptProgram } from './kept-program.ts';
import { startProgramEngine } from './program-engine.ts';

const readyTimeoutMs = 15_000;
/** Its file in the folder of its data. */
export const databaseFile = 'dynamodb.sqlite';

/**
 * Starts DynamoDB with its streams. It keeps its data in one SQLite file in `folder`.
 * @throws {UserError} when the program is missing or does not start.
 */
export async function startDynoxide(folder: string, onCrash: OnCrash): Promise<Engine> {
  const program = findDynoxide();
  const database = join(folder, databaseFile);
  const engine = await startKeptProgram(folder, database, () =>
    startProgramEngine({
      name: 'dynoxide',
      commandFor: (port, address) => [
        ...[program, 'serve', '--host', address],
        ...['--port', String(port), '--db-path', database],
      ],
      readyLine: /listening on/i,
      readyTimeoutMs,
      onCrash,
    }),
  );
  return { ...engine, onTablesCreated: () => indexStreamRecords(database) };
}

/**
 * The program: of the npm package, if there is one for this platform, otherwise of the PATH.
 * @throws {UserError} when there is none.
 */
export function findDynoxide(): string {
  const candidates = pathsOf('dynoxide');
  try {
    const resolver = createRequire(import.meta.url);
    const manifest = `@dynoxide/${process.platform}-${process.arch}/package.json`;
    candidates.unshift(join(resolver.resolve(manifest), '../dynoxide'));
  } catch {
    // No package for this platform: the PATH may have it.
  }
  const program = candidates.find(isExecutable);
  if (program !== undefined) return program;
  throw new UserError('dynoxide is not on the PATH: install it with "cargo install dynoxide-rs".');
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
