import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bundle } from './bundler.ts';

/** Writes a bundle as it runs on this machine. */
export async function writeBundle(bundle: Bundle, folder: string): Promise<void> {
  for (const [path, { contents }] of bundle) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
}

/** Whether {@link writeBundle} wrote the same code to the folder. */
export async function isWritten(bundle: Bundle, folder: string): Promise<boolean> {
  const equal = [...bundle].map(async ([path, { contents }]) => {
    const written = await readFile(join(folder, path)).catch(() => undefined);
    return written?.equals(contents) ?? false;
  });
  return (await Promise.all(equal)).every(Boolean);
}
