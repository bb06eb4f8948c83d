import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireWritable } from '../permissions.ts';
import { isRunning } from '../temporary-folder.ts';
import { UserError } from '../user-error.ts';

const folder = join(import.meta.dirname, '../../../.cache/auth');
const fileOf = (httpPort: number) => join(folder, `${httpPort}.json`);

/** What `npm run token` must know about a running host. */
interface RunningHost {
  readonly pid: number;
  /** The private key of its issuer, PEM. */
  readonly privateKey: string;
}

/**
 * Makes the key of a host known to `npm run token`, by its HTTP port, in a file that only its owner can read. Returns a
 * function that removes the file.
 * @throws {UserError} when this user cannot write to the cache.
 */
export async function announce(httpPort: number, privateKey: string): Promise<() => Promise<void>> {
  const file = fileOf(httpPort);
  const host: RunningHost = { pid: process.pid, privateKey };
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined); // The next line says why.
  requireWritable(folder);
  // A killed host may have left one, or another user, who could read what is written to it.
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify(host), { mode: 0o600, flag: 'wx' });
  return () => rm(file, { force: true });
}

/** The private key of the host at this port. Throws a {@link UserError} if none runs with `--auth`. */
export async function keyOfHost(httpPort: number): Promise<string> {
  const text = await readFile(fileOf(httpPort), 'utf8').catch(() => '{}');
  const { pid, privateKey } = JSON.parse(text) as Partial<RunningHost>;
  if (pid !== undefined && privateKey !== undefined && isRunning(pid)) return privateKey;
  throw new UserError(
    `No host with --auth runs at port ${httpPort}. Start one with: npm start -- --auth` +
      ' (and name its port with --http, if it is not 3000).',
  );
}
