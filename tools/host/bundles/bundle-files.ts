import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mapFile, mapIn, withMapComment } from '../../bundle/maps/local-map.ts';
import type { Bundle } from './bundler.ts';

/** Writes a bundle as it runs on this machine: with its source map, so that stacks and debuggers show the sources. */
export async function writeBundle(bundle: Bundle, folder: string): Promise<void> {
  for (const path of bundle.keys()) await mkdir(dirname(join(folder, path)), { recursive: true });
  for (const [path, contents] of contentsIn(folder, bundle)) await writeFile(join(folder, path), contents);
}

/** Whether {@link writeBundle} wrote the same code to the folder, and it is still there. */
export async function isWritten(bundle: Bundle, folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const equal = contentsIn(folder, bundle).map(async ([path, contents]) => {
    const written = await readFile(join(folder, path)).catch(() => undefined);
    return written?.equals(contents) ?? false;
  });
  return (await Promise.all(equal)).every(Boolean);
}

function contentsIn(folder: string, bundle: Bundle): [path: string, contents: Uint8Array][] {
  return [...bundle].map(([path, file]) => {
    if (path === mapFile) return [path, Buffer.from(mapIn(folder, dirname(file.path), file.text))];
    const isMapped = path === 'index.js' && bundle.has(mapFile);
    return [path, isMapped ? withMapComment(file.contents) : file.contents];
  });
}
