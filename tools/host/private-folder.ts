import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwn, requireOwnEntries } from './own-files.ts';
import { dataFolderError, requireWritableEntry } from './permissions.ts';

/** The mode of folders that only their owner can use. */
export const ownerOnly = 0o700;

/** What the host keeps in a folder of `--persist`, and the modes. */
const keptModes: ReadonlyMap<string, number> = new Map([
  ['checkpoints', ownerOnly],
  ['dynamodb', ownerOnly],
  ['issuer-key.pem', 0o600],
  ['kinesis', ownerOnly],
  ['kms-master-key', 0o600],
  ['queues', ownerOnly],
]);
const othersMask = 0o077;

/**
 * Creates a folder that only its owner can use, or takes that right from others if the folder is there from an earlier version. Not
 * from a folder of another user, and not from one with anything else in it, which may be shared on purpose: there, only what the
 * host keeps is closed. Within a closed folder, the rights of files do not matter.
 * @param warn told once if the file system knows no rights, so that nothing can be closed
 * @throws {UserError} when the folder cannot be created or closed, and for links and what is another user's.
 */
export async function privateDataFolder(
  folder: string,
  warn: (line: string) => void = () => undefined,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: ownerOnly });
    const names = await readdir(folder);
    const isClosed: boolean[] = [];
    if (names.every((name) => keptModes.has(name))) {
      isClosed.push(await close(await realpath(folder), ownerOnly));
    }
    for (const name of names) {
      const mode = keptModes.get(name);
      if (mode === undefined) continue;
      const path = join(folder, name);
      isClosed.push(await close(path, mode));
      await requireWritableEntry(path);
      await requireOwnEntries(path);
    }
    await access(folder, constants.W_OK);
    if (isClosed.includes(false)) {
      warn(
        `Other users may read ${folder}: its file system knows no rights. Name another folder with --persist.`,
      );
    }
  } catch (error) {
    throw dataFolderError(folder, error);
  }
}

/**
 * Returns false if others can use it as before: the file system knows no rights. A link is left as it is: somebody else may have made
 * it lead anywhere. What is not this user's is left too.
 */
async function close(path: string, mode: number): Promise<boolean> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink() || !isOwn(entry) || (entry.mode & othersMask) === 0) return true;
  await chmod(path, mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM') throw error; // FAT refuses every change.
  });
  return ((await lstat(path)).mode & othersMask) === 0;
}
