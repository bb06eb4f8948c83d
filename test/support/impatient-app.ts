import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageSettings } from '../../tools/host/settings.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';

const templateFile = 'streamfold-local.template.json';

/** The synthesized app in a folder, but with one retry per batch of a stream: retries end after 23 hours otherwise. */
export async function appWithOneRetry(folder: string, settings: StageSettings = {}): Promise<void> {
  await cp(await synthesize(join(import.meta.dirname, '../..'), { settings }), folder, { recursive: true });
  const file = join(folder, templateFile);
  const template = await readFile(file, 'utf8');
  const impatient = template.replace(/"MaximumRetryAttempts": ?-1\b/g, '"MaximumRetryAttempts": 1');
  if (impatient === template) throw new Error('The template has no unlimited retries.');
  await writeFile(file, impatient);
}
