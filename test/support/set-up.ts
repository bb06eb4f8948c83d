import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '@jest/types';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { templatesFolder, templatesKey } from './kept-template.ts';
import { makeLogsFolder } from './logs-folder.ts';

/** Jest's global set-up. */
export default async function setUp({ nonFlagArgs }: Config.GlobalConfig): Promise<void> {
  makeLogsFolder();
  removeOldTemplates();
  if (nonFlagArgs.length === 0) await buildApp();
}

/** Before a whole run, so that no spec waits for the build of another. A run of some specs builds what they need. */
async function buildApp(): Promise<void> {
  try {
    console.log('Building the app, if it has changed ...');
    await synthesize(join(import.meta.dirname, '../..'));
  } catch (error) {
    // The specs that need the app fail with this, and the others run.
    console.error(error instanceof Error ? error.message : error);
  }
}

function removeOldTemplates(): void {
  let kept: string[] = [];
  try {
    kept = readdirSync(templatesFolder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const old = kept.filter((name) => name !== templatesKey());
  for (const name of old) rmSync(join(templatesFolder, name), { recursive: true, force: true });
}
