import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../user-error.ts';

export interface FolderTreeOptions {
  folder: string;
  /** Told the path of what was written, made, renamed or removed. */
  onChange: (path: string) => void;
  warn: (line: string) => void;
}

/**
 * Watches a folder and all below it, those that appear later included. A watch per folder rather than a recursive one:
 * on Linux that follows the files themselves, and loses those that editors replace by renaming another over them.
 */
export function watchFolderTree({ folder, onChange, warn }: FolderTreeOptions): { close(): void } {
  const watchers = new Map<string, FSWatcher>();

  const closeBelow = (root: string) => {
    for (const [path, watcher] of watchers) {
      if (path !== root && !path.startsWith(join(root, '/'))) continue;
      watcher.close();
      watchers.delete(path);
    }
  };

  const fail = (path: string, error: unknown) => {
    closeBelow(path);
    // One that has gone in between is no loss: its parent tells when it is back.
    if (existsSync(path)) warn(`Changes in ${path} go unnoticed: ${messageOf(error)}`);
  };

  /** Watches `path` and the folders in it, and gives its files. */
  const open = (path: string): string[] => {
    const watcher = watch(path, (kind, name) => {
      if (name !== null) onEvent(kind, join(path, name));
    });
    watcher.on('error', (error) => fail(path, error));
    watchers.set(path, watcher);
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      const child = join(path, entry.name);
      return entry.isDirectory() ? openIfFolder(child) : [child];
    });
  };

  const openIfFolder = (path: string): string[] => {
    closeBelow(path);
    try {
      return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? open(path) : [];
    } catch (error) {
      fail(path, error);
      return [];
    }
  };

  const onEvent = (kind: string, path: string) => {
    onChange(path);
    // A name that comes or goes may be a folder's: what it held before it was watched has changed, too.
    if (kind === 'rename') for (const file of openIfFolder(path)) onChange(file);
  };

  openIfFolder(folder);
  return { close: () => closeBelow(folder) };
}
