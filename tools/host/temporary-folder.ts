import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UserError } from './user-error.ts';

/** The folders of hosts in the system's folder for temporary files begin with this. The id of the process follows. */
export const temporaryFolderPrefix = 'streamfold-host-';

/**
 * Makes a folder for the files of this process, which only its user can read. Removes the folders of processes that were killed.
 * @throws {UserError} when it cannot be made.
 */
export async function makeTemporaryFolder(): Promise<string> {
  try {
    await removeLeft();
    return await mkdtemp(join(tmpdir(), `${temporaryFolderPrefix}${process.pid}-`));
  } catch (error) {
    throw new UserError(
      `This user cannot make a folder in ${tmpdir()} (${messageOf(error)}): free some space there, or name another folder with TMPDIR.`,
    );
  }
}

/** What another user's process has left stays: this user cannot remove it, or, as root, must not follow its links. */
async function removeLeft(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(temporaryFolderPrefix));
  const left = names.filter(
    (name) => !isRunning(Number(name.slice(temporaryFolderPrefix.length).split('-')[0])),
  );
  await Promise.all(left.map((name) => removeOwn(join(tmpdir(), name))));
}

async function removeOwn(path: string): Promise<void> {
  const { uid } = await lstat(path).catch(() => ({ uid: undefined })); // Another start may have removed it.
  if (uid !== undefined && uid === process.getuid?.()) await rm(path, { recursive: true, force: true });
}

/** Whether there is a process with this id, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: a process of another user.
  }
}
