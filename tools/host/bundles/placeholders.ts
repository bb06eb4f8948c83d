import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBundle } from './bundle-files.ts';
import type { Bundle } from './bundler.ts';

/*
 * CDK copies the folder of each function into the synthesized app. So that the app can be synthesized while the functions are
 * bundled, it gets a folder with the function's name in place of the bundle; the bundle replaces the copy when both are done.
 */
const file = 'index.js';
const textOf = (functionName: string) => `// The bundle of ${functionName}\n`;

/** Makes a placeholder for the bundle of each function, in `folder`. */
export async function writePlaceholders(names: readonly string[], folder: string): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, file), textOf(name));
  }
}

/** Replaces the placeholders in a synthesized app by the bundles. Throws if a bundle has no placeholder there. */
export async function replacePlaceholders(
  assemblyFolder: string,
  bundles: ReadonlyMap<string, Bundle>,
): Promise<void> {
  const folders = await readdir(assemblyFolder);
  const texts = await Promise.all(
    folders.map((folder) => readFile(join(assemblyFolder, folder, file), 'utf8').catch(() => undefined)),
  );
  for (const [name, bundle] of bundles) {
    const found = folders[texts.indexOf(textOf(name))];
    if (found === undefined) throw new Error(`The synthesized app has no function ${name}.`);
    await rm(join(assemblyFolder, found, file));
    await writeBundle(bundle, join(assemblyFolder, found));
  }
}
