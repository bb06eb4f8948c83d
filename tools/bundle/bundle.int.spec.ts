import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalFunction } from '../host/lambda/function.ts';
import { bundle, functionNames } from './bundle.ts';
import { addLocalMaps } from './maps/local-maps.ts';

const root = join(import.meta.dirname, '../..');
/** Building every function can take minutes on a busy machine. */
const buildDeadlineMs = 240_000;

describe('a build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-build-'));
  const folders = { bundles: join(folder, 'lambdas'), maps: join(folder, 'maps') };
  beforeAll(() => bundle(folders), buildDeadlineMs);
  afterAll(() => rmSync(folder, { recursive: true }));

  const filesIn = (path: string) =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it('puts no source map into what is deployed, and no reference to one', () => {
    const files = filesIn(folders.bundles);
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    const scripts = files.filter((file) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(functionNames().length);
    for (const file of scripts) expect(readFileSync(file, 'utf8')).not.toContain('sourceMappingURL=');
  });

  it('makes a source map for every function, elsewhere', () => {
    expect(filesIn(folders.maps).sort()).toEqual(
      functionNames().map((name) => join(folders.maps, name, 'index.js.map')),
    );
  });

  it('that runs on this machine has stacks in TypeScript', async () => {
    const assembly = join(folder, 'assembly');
    mkdirSync(assembly);
    cpSync(join(folders.bundles, 'publisher'), join(assembly, 'asset.1'), { recursive: true });
    addLocalMaps(assembly, folders);
    expect(readdirSync(join(assembly, 'asset.1')).sort()).toEqual(['index.js', 'index.js.map']);
    // Without its variables, the function does not load.
    const { errorMessage, trace } = await invoke(join(assembly, 'asset.1'));
    expect(errorMessage).toMatch(/^The environment variable \w+ is not set/);
    const place = (path: string) => expect.stringMatching(new RegExp(`${join(root, path)}:\\d+:\\d+\\)?$`));
    expect(trace.slice(1)).toContainEqual(place('lambdas/runtime/environment.ts'));
    expect(trace.slice(1)).toContainEqual(place('lambdas/functions/publisher.ts'));
    expect(lineAt(trace[1] ?? '')).toMatch(/throw new Error\(/);
  });

  it('gives no map to a bundle of another build', () => {
    const assembly = join(folder, 'other');
    mkdirSync(join(assembly, 'asset.2'), { recursive: true });
    cpSync(join(folders.maps, 'publisher/index.js.map'), join(assembly, 'asset.2/index.js'));
    addLocalMaps(assembly, folders);
    expect(readdirSync(join(assembly, 'asset.2'))).toEqual(['index.js']);
  });
});

async function invoke(codeFolder: string): Promise<{ errorMessage: string; trace: string[] }> {
  const configuration = {
    name: 'publisher',
    arn: 'arn',
    runtime: 'nodejs24.x',
    codeFolder,
    handler: 'index.handler',
    timeoutMs: 10_000,
    memorySizeMb: 256,
    environment: { AWS_REGION: 'us-east-1' },
    maximumInstances: 1,
  };
  const localFunction = new LocalFunction(configuration, {
    onLog: () => undefined,
    onInvoked: () => undefined,
  });
  try {
    return JSON.parse((await localFunction.invoke('{}')).payload);
  } finally {
    await localFunction.stop();
  }
}

/** The line of source that a line of a stack names. */
function lineAt(stackLine: string): string {
  const [, file = '', line] = /([^( ]+):(\d+):\d+\)?$/.exec(stackLine) ?? [];
  return readFileSync(file, 'utf8').split('\n')[Number(line) - 1] ?? '';
}
