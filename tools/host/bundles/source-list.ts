import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Built } from './bundler.ts';

const fileOf = (assemblyFolder: string) => join(assemblyFolder, 'sources.json');

/** Keeps the list of the sources in the bundles of a synthesized app. */
export async function writeSources(assemblyFolder: string, sources: Built['sources']): Promise<void> {
  await writeFile(fileOf(assemblyFolder), JSON.stringify(sources));
}

/** The list of {@link writeSources}. Throws if the folder has none. */
export async function readSources(assemblyFolder: string): Promise<Built['sources']> {
  return JSON.parse(await readFile(fileOf(assemblyFolder), 'utf8'));
}
