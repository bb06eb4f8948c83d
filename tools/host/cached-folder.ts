import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { requireWritable } from './permissions.ts';
import { isRunning } from './temporary-folder.ts';

export interface CachedFolderOptions {
  /** Contains one folder for each key. */
  readonly cacheFolder: string;
  /** A file name, without dots, of everything that the content depends on: see {@link cacheKey}. */
  readonly key: string;
  /** A path in the folder that exists when the folder is complete. */
  readonly marker: string;
  /** Fills a new, empty folder. */
  readonly make: (folder: string) => Promise<void>;
  /** Number of folders to keep, this one included. The least recently used are removed. */
  readonly kept: number;
}

/** A key for {@link cachedFolder}, made of the parts that the content depends on. Other parts must not give the same text. */
export function cacheKey(parts: Iterable<string | Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

/**
 * A folder that is filled once for each key. It is filled under another name and then renamed. So it is always complete,
 * even when several processes fill it at the same time or one of them is killed.
 * @throws {UserError} when this user cannot write to the cache.
 */
export async function cachedFolder(options: CachedFolderOptions): Promise<string> {
  const { cacheFolder, key, marker, make, kept } = options;
  const folder = join(cacheFolder, key);
  const isComplete = () => existsSync(join(folder, marker));
  if (isComplete()) {
    const now = new Date();
    // Another user may own it, or it may be read-only: then it counts as used less recently.
    await utimes(folder, now, now).catch(() => undefined);
    return folder;
  }
  requireWritable(cacheFolder);
  // A folder without the marker is incomplete.
  await rm(folder, { recursive: true, force: true });
  const draft = join(cacheFolder, `${key}.${process.pid}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await make(draft);
    await rename(draft, folder).catch((error) => {
      // Another process was faster.
      if (!isComplete()) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await removeOld(cacheFolder, kept);
  return folder;
}

/** Removes the folders that were used least recently, and those that killed processes left incomplete. */
async function removeOld(cacheFolder: string, kept: number): Promise<void> {
  const usedAtMs = (name: string) =>
    statSync(join(cacheFolder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const [drafts = [], complete = []] = [true, false].map((isDraft) =>
    readdirSync(cacheFolder).filter((name) => name.includes('.') === isDraft),
  );
  const removed = [
    ...drafts.filter((name) => !isRunning(Number(name.split('.')[1]))),
    ...complete.sort((a, b) => usedAtMs(b) - usedAtMs(a)).slice(kept),
  ];
  await Promise.all(removed.map((name) => rm(join(cacheFolder, name), { recursive: true, force: true })));
}
