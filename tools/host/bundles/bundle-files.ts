import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mapIn, withMapComment } from '../../bundle/maps/local-maps.ts';
import type { Bundle } from './bundler.ts';

const code = 'index.js';
const map = `${code}.map`;

/** Writes a bundle as it runs on this machine: beside its code is the map to its sources. */
export async function writeBundle(bundle: Bundle, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, contents] of writtenFiles(bundle)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), contents);
  }
  const built = bundle.get(map);
  if (built !== undefined) await writeFile(join(folder, map), mapIn(folder, dirname(built.path), built.text));
}

/** Whether {@link writeBundle} wrote the same code to the folder. */
export async function isWritten(bundle: Bundle, folder: string): Promise<boolean> {
  const equal = writtenFiles(bundle).map(async ([path, contents]) => {
    const written = await readFile(join(folder, path)).catch(() => undefined);
    return written?.equals(contents) ?? false;
  });
  return (await Promise.all(equal)).every(Boolean);
}

/** The files of the bundle but the maps. */
function writtenFiles(bundle: Bundle): [path: string, contents: Uint8Array][] {
  return [...bundle].flatMap(([path, { contents }]) => {
    if (path.endsWith('.map')) return [];
    return [[path, path === code && bundle.has(map) ? withMapComment(contents) : contents]];
  });
}
