import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from './user-error.ts';

/** Whether a file belongs to the user of this process. On Windows, files have no such owner. */
export function isOwn({ uid }: Pick<Stats, 'uid'>): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own;
}

/** Whether what `lstat` found is a regular file, not a link, of the user of this process. */
export function isOwnFile(entry: Stats): boolean {
  return entry.isFile() && isOwn(entry);
}

/**
 * Checks a file, or a folder and everything in it. Links are not followed.
 * @throws {UserError} naming the first one that is a link, something else than a file or folder, or another user's.
 */
export async function requireOwnEntries(path: string): Promise<void> {
  const entry = await lstat(path);
  const fault = faultOf(entry);
  if (fault !== undefined) {
    throw new UserError(`${path} ${fault}. Remove it, or name another folder with --persist.`);
  }
  if (!entry.isDirectory()) return;
  for (const name of await readdir(path)) await requireOwnEntries(join(path, name));
}

function faultOf(entry: Stats): string | undefined {
  if (entry.isSymbolicLink()) return 'is a link, which may lead to data of others';
  if (!isOwn(entry)) return 'belongs to another user, who may read and change it';
  return entry.isFile() || entry.isDirectory() ? undefined : 'is neither a file nor a folder';
}
