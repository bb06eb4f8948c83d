import { readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './temporary-folder.ts';

/**
 * Names in the folder of a cache: `KEY` is a complete folder. `KEY.PID` and what begins with `KEY.PID.` belongs to a process, and is removed after it has
 * ended: a folder that is filled or removed, or the mark of a process that uses `KEY`.
 */
const isOfProcess = (name: string) => name.includes('.');
const pidIn = (name: string) => Number(name.split('.')[1]);
const markOf = (folder: string) => `${folder}.${process.pid}.used`;

/** Marks a folder, which may not exist yet, as used until this process ends. */
export async function markUsed(folder: string): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    await removeLeft(dirname(folder));
    await writeFile(markOf(folder), '');
  } catch {
    // The cache may be read-only, or another user's. Then another process may remove the folder, as before there were marks.
  }
}

/** Removes a folder, unless `mustStay` says otherwise of it when nobody else can find it any more. Without effect if there is none. */
export async function removeUnless(folder: string, mustStay: (path: string) => boolean): Promise<void> {
  const taken = `${folder}.${process.pid}.removed`;
  await rm(taken, { recursive: true, force: true });
  try {
    await rename(folder, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Back it fails if another process has made it meanwhile.
  if (mustStay(taken)) await rename(taken, folder).catch(() => undefined);
  await rm(taken, { recursive: true, force: true });
}

/**
 * Removes the folders that were used least recently and that no process uses, and what ended processes have left. What cannot be
 * removed stays. `kept`: how many stay, `newest` among them: its time, which the file system gave it, may be before that of an earlier use.
 */
export async function removeOld(cacheFolder: string, newest: string, kept: number): Promise<void> {
  await removeLeft(cacheFolder);
  const usedAtMs = (name: string) =>
    statSync(join(cacheFolder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const old = readdirSync(cacheFolder)
    .filter((name) => !isOfProcess(name) && name !== newest)
    .sort((a, b) => usedAtMs(b) - usedAtMs(a))
    .slice(kept - 1)
    .map((name) => join(cacheFolder, name))
    .filter((folder) => !isUsed(folder));
  // A process that begins to use one marks it first and then looks for it.
  await Promise.allSettled(old.map((folder) => removeUnless(folder, () => isUsed(folder))));
}

function isUsed(folder: string): boolean {
  const marks = readdirSync(dirname(folder)).filter((name) => name.endsWith('.used'));
  return marks.some((name) => name.startsWith(`${basename(folder)}.`) && isRunning(pidIn(name)));
}

async function removeLeft(cacheFolder: string): Promise<void> {
  const left = readdirSync(cacheFolder).filter((name) => isOfProcess(name) && !isRunning(pidIn(name)));
  await Promise.allSettled(left.map((name) => rm(join(cacheFolder, name), { recursive: true, force: true })));
}
