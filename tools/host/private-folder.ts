import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolderError, requireWritableEntry } from './permissions.ts';

/** What the host keeps in a folder of `--persist`. */
const keptNames: ReadonlySet<string> = new Set([
  'checkpoints',
  'dynamodb',
  'issuer-key.pem',
  'kinesis',
  'queues',
]);

/** The mode of folders that only their owner can use. */
export const ownerOnly = 0o700;
const othersMask = 0o077;

/**
 * Creates a folder that only its owner can use, or takes that right from others if the folder is there from an earlier version. Not
 * from a folder of another user, and not from one with anything else in it, which may be shared on purpose: there, only what the
 * host keeps is closed.
 * @throws {UserError} when the folder cannot be created or closed.
 */
export async function privateDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: ownerOnly });
    const names = await readdir(folder);
    if (names.every((name) => keptNames.has(name))) await close(await realpath(folder), ownerOnly);
    for (const name of names.filter((each) => keptNames.has(each))) {
      await close(join(folder, name), name.endsWith('.pem') ? 0o600 : ownerOnly);
      await requireWritableEntry(join(folder, name));
    }
    await access(folder, constants.W_OK);
  } catch (error) {
    throw dataFolderError(folder, error);
  }
}

/** A link is left as it is: somebody else may have made it lead anywhere. */
async function close(path: string, mode: number): Promise<void> {
  const entry = await lstat(path);
  const { mode: current } = entry;
  const isOwn = entry.uid === process.getuid?.() && !entry.isSymbolicLink();
  if (isOwn && (current & othersMask) !== 0) await chmod(path, mode);
}
