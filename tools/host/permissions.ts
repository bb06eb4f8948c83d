import { accessSync, constants, mkdirSync } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from './user-error.ts';

const writable = constants.W_OK;

/**
 * Makes a folder of the project, such as one in its cache, unless it exists, and checks that this user can write to it.
 * @throws {UserError} when the user cannot: the project may be another user's.
 */
export function requireWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, writable | constants.X_OK);
  } catch (error) {
    throw new UserError(
      `This user cannot write to ${folder} (${messageOf(error)}): clone the project as this user, or give it the folder.`,
    );
  }
}

/** Checks that this user can write to a file, or to a folder and the files in it: an engine that cannot may give another reason. */
export async function requireWritableEntry(path: string): Promise<void> {
  await access(path, writable);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await access(join(path, name), writable);
}

/** Why data cannot be kept in a folder, and what to do. */
export function dataFolderError(folder: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new UserError(
      `Cannot keep data in ${folder}: it is a file, or in one. Name a folder with --persist.`,
    );
  }
  const isRefused = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  const remedy = isRefused ? 'Name another folder with --persist, or give it to this user.' : remedyOf(code);
  return new UserError(`Cannot keep data in ${folder}: ${messageOf(error)}. ${remedy}`);
}

function remedyOf(code: string | undefined): string {
  return code === 'ENOSPC'
    ? 'Free some space there, or name another folder with --persist.'
    : 'Name another folder with --persist.';
}
