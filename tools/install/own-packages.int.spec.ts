import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startNode } from '../../test/support/node-process.ts';
import { ownPackages } from './own-packages.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'streamfold-packages-'));
  mkdirSync(join(root, 'one'));
  writeFileSync(join(root, 'one/package.json'), '{"name":"one","version":"1.0.0"}');
  lock({ one: 'file:../../one' });
});
afterEach(() => rmSync(root, { recursive: true }));

/** Writes the two files of a command with these packages. The lock names `one` only, as a link. */
function lock(dependencies: Readonly<Record<string, string>>): void {
  const folder = join(root, 'commands/command');
  mkdirSync(folder, { recursive: true });
  const packages = {
    '': { dependencies },
    '../../one': { version: '1.0.0' },
    'node_modules/one': { resolved: '../../one', link: true },
  };
  const file = { name: 'command', dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(file));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...file, lockfileVersion: 3, packages }));
}

const options = () => ({
  folder: join(root, 'commands/command'),
  cacheFolder: join(root, 'cache'),
  title: "the command's packages",
});

/** Installs in a process of its own, and returns what that prints: what is said, and the folder at last. */
async function installs(): Promise<string[]> {
  const script = `import { ownPackages } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'own-packages.ts')).href)};
    console.log(await ownPackages({ ...${JSON.stringify(options())}, say: console.log }));`;
  const { exitCode, output } = startNode(['--input-type=module', '--eval', script]);
  expect({ code: await exitCode, ...((await exitCode) !== 0 && { output: output() }) }).toEqual({ code: 0 });
  return output().trimEnd().split('\n');
}

it('installs the packages of a command once, also when it starts twice at the same time', async () => {
  const [one, other] = await Promise.all([installs(), installs()]);
  const folder = one.at(-1) ?? '';
  expect([...one, ...other]).toContain("Installing the command's packages (once) ...");
  expect(other.at(-1)).toBe(folder);
  expect(JSON.parse(readFileSync(join(folder, 'one/package.json'), 'utf8'))).toMatchObject({ name: 'one' });
  expect(readdirSync(join(root, 'cache'))).toHaveLength(1);
  expect(await installs()).toEqual([folder]);
});

it('replaces what an interrupted installation left', async () => {
  const [, folder = ''] = await installs();
  rmSync(join(folder, '.package-lock.json'));
  rmSync(join(folder, 'one'));
  expect(await installs()).toEqual([expect.any(String), folder]);
  expect(existsSync(join(folder, 'one/package.json'))).toBe(true);
});

it('says why npm could not install them, and leaves nothing', async () => {
  lock({ one: 'file:../../one', two: '1.0.0' });
  await expect(ownPackages({ ...options(), say: () => undefined })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(
      /^npm could not install the command's packages \(.*\): correct what it names/,
    ),
  });
  expect(readdirSync(join(root, 'cache'))).toEqual([]);
});
