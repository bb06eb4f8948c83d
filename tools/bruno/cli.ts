import { join } from 'node:path';
import { ownPackages } from '../install/own-packages.ts';

const cacheFolder = join(import.meta.dirname, '../../.cache/bruno');

/**
 * The script of Bruno's command line, for Node. Installs it first when it is missing: it brings 200 MB that nothing else needs.
 * @param say called with a line for the user before a long wait
 * @throws {UserError} when it cannot be installed
 */
export async function brunoCli(say: (line: string) => void): Promise<string> {
  const folder = import.meta.dirname;
  const packages = await ownPackages({ folder, cacheFolder, title: "Bruno's command line", say });
  return join(packages, '@usebruno/cli/bin/bru.js');
}
