import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isOwnFile } from './own-files.ts';
import { ownerOnly } from './private-folder.ts';
import { UserError } from './user-error.ts';

/**
 * The text of a file that only its owner can read. Creates it if there is none.
 * @throws {UserError} for a file of another user and for a link, which may lead to one: that user would know the secret.
 */
export async function keptFile(file: string, create: () => Promise<string>): Promise<string> {
  const entry = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (entry !== undefined) {
    if (isOwnFile(entry)) return await readFile(file, 'utf8');
    throw new UserError(`${file} is not a file of this user. Delete it, and start the host again.`);
  }
  const text = await create();
  await mkdir(dirname(file), { recursive: true, mode: ownerOnly });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  return text;
}
