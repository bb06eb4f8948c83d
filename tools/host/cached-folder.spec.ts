import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type CachedFolderOptions, cachedFolder } from './cached-folder.ts';
import { removeUnless } from './cached-folder-removal.ts';

let cacheFolder: string;
beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'streamfold-cache-'));
});
afterEach(() => rmSync(cacheFolder, { recursive: true }));

let content = 'first';
const cached = (key: string, options: Partial<CachedFolderOptions> = {}) =>
  cachedFolder({
    cacheFolder,
    key,
    marker: 'done',
    kept: 1,
    make: async (folder) => writeFileSync(join(folder, 'done'), content),
    ...options,
  });
const textIn = (folder: string) => readFileSync(join(folder, 'done'), 'utf8');
const endedPid = () => spawnSync(process.execPath, ['--version']).pid;

it('a folder is made once, and the least recently used is removed', async () => {
  const folder = await cached('a');
  content = 'second';
  expect(textIn(await cached('a'))).toBe('first');
  // The file system's clock may be behind that of a process.
  const soon = new Date(Date.now() + 1_000);
  utimesSync(folder, soon, soon);
  await cached('b');
  expect(readdirSync(cacheFolder)).toEqual(['b']);
  expect(textIn(await cached('a'))).toBe('second');
  expect(folder).toBe(join(cacheFolder, 'a'));
});

it('what was made while its sources changed is not found by the key, and goes with its process', async () => {
  const folders = [
    await cached('a', { isUnchanged: () => false }),
    await cached('a', { isUnchanged: () => false }),
  ];
  expect(new Set(folders).size).toBe(2);
  await cached('a');
  await cached('b');
  for (const folder of folders) {
    expect(basename(folder)).not.toBe('a');
    expect(textIn(folder)).toBe(content);
  }
  mkdirSync(join(cacheFolder, `a.${endedPid()}.1`));
  await cached('c');
  expect(readdirSync(cacheFolder).sort()).toEqual([...folders.map((folder) => basename(folder)), 'c'].sort());
});

it('a folder that a running process uses is not removed, also another process', async () => {
  const [own, other, ended] = [await cached('own', { isUsedLater: true }), 'other', 'ended'];
  for (const [key, pid] of [
    [other, process.ppid],
    [ended, endedPid()],
  ] as const) {
    await cached(key, { kept: 9 });
    writeFileSync(join(cacheFolder, `${key}.${pid}.used`), '');
  }
  await cached('new');
  expect(readdirSync(cacheFolder).filter((name) => !name.includes('.'))).toEqual([
    'new',
    other,
    basename(own),
  ]);
  expect(existsSync(join(cacheFolder, `${other}.${process.ppid}.used`))).toBe(true);
  expect(readdirSync(cacheFolder).filter((name) => name.startsWith(ended))).toEqual([]);
});

it('a cache in which nothing can be marked has the folder all the same', async () => {
  const folder = await cached('a');
  mkdirSync(join(cacheFolder, `a.${process.pid}.used`));
  expect(await cached('a', { isUsedLater: true })).toBe(folder);
});

it('an incomplete folder is made again, unless another process completes it meanwhile', async () => {
  const folder = join(cacheFolder, 'a');
  mkdirSync(folder);
  expect(textIn(await cached('a'))).toBe(content);
  // Between the look of one process and its removal, another has completed the folder.
  await removeUnless(folder, (path) => existsSync(join(path, 'done')));
  expect(textIn(folder)).toBe(content);
  await removeUnless(folder, () => false);
  expect(readdirSync(cacheFolder)).toEqual([]);
});
