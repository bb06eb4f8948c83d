import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { synthesize } from '../../tools/host/template/synthesize.ts';

const templateFile = 'streamfold-local.template.json';

/**
 * The synthesized app in a folder, but a rebuild waits for few seconds until every projector writes the new generation. The true
 * bound is the timeout of a projector, which no projector of a test reaches.
 */
export async function appThatSettlesIn(seconds: number, folder: string): Promise<void> {
  await cp(await synthesize(join(import.meta.dirname, '../..')), folder, {
    recursive: true,
  });
  const file = join(folder, templateFile);
  const template = await readFile(file, 'utf8');
  const quick = template.replace(
    /"GENERATION_SETTLE_SECONDS": ?"\d+"/,
    `"GENERATION_SETTLE_SECONDS": "${seconds}"`,
  );
  if (quick === template) throw new Error('The template does not say how long a rebuild waits.');
  await writeFile(file, quick);
}
