import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { markUsed, removeOld, removeUnless } from './cached-folder-removal.ts';
import { requireWritable } from './permissions.ts';

export interface CachedFolderOptions {
  /** Contains one folder for each key. */
  readonly cacheFolder: string;
  /** A file name, without dots, of everything that the content depends on: see {@link cacheKey}. */
  readonly key: string;
  /** A path in the folder that exists when the folder is complete. */
  readonly marker: string;
  /** Fills a new, empty folder. */
  readonly make: (folder: string) => Promise<void>;
  /** Number of folders to keep, this one included. The least recently used are removed, but none that a running process uses later. */
  readonly kept: number;
  /**
   * Asked after `make`: whether everything that the content depends on is as it was when the key was made. If not, the folder
   * has another name than the key, nobody else finds it, and it is removed after this process has ended. Default: unchanged.
   */
  readonly isUnchanged?: () => boolean;
  /** Keep the folder while this process runs. Default: false. */
  readonly isUsedLater?: boolean;
}

/** A key for {@link cachedFolder}, made of the parts that the content depends on. Other parts must not give the same text. */
export function cacheKey(parts: Iterable<string | Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

let drafts = 0;

/**
 * A folder that is filled once for each key. It is filled under another name and then renamed. So it is always complete,
 * even when several processes fill it at the same time or one of them is killed.
 * @throws {UserError} when this user cannot write to the cache.
 */
export async function cachedFolder(options: CachedFolderOptions): Promise<string> {
  const { cacheFolder, key, marker, make, kept, isUnchanged = () => true, isUsedLater = false } = options;
  const folder = join(cacheFolder, key);
  const isComplete = (path = folder) => existsSync(join(path, marker));
  // Before the look: what is marked is not removed.
  if (isUsedLater) await markUsed(folder);
  if (isComplete()) {
    const now = new Date();
    // Another user may own it, or it may be read-only: then it counts as used less recently.
    await utimes(folder, now, now).catch(() => undefined);
    return folder;
  }
  requireWritable(cacheFolder);
  // A folder without the marker is incomplete.
  await removeUnless(folder, isComplete);
  const draft = join(cacheFolder, `${key}.${process.pid}.${++drafts}`);
  let isForThisProcess = false;
  try {
    await mkdir(draft, { recursive: true });
    await make(draft);
    isForThisProcess = !isUnchanged();
    if (isForThisProcess) return draft;
    await rename(draft, folder).catch((error) => {
      // Another process was faster.
      if (!isComplete()) throw error;
    });
  } finally {
    if (!isForThisProcess) await rm(draft, { recursive: true, force: true });
  }
  await removeOld(cacheFolder, key, kept);
  return folder;
}
