import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutputFile } from 'esbuild';
import { bundleOptions } from '../../bundle/bundle.ts';
import { LocalFunction } from '../lambda/function.ts';
import { isWritten, writeBundle } from './bundle-files.ts';
import { type Bundle, Bundler } from './bundler.ts';

const root = join(import.meta.dirname, '../../..');

describe('a bundle on this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-bundle-'));
  const bundler = new Bundler({
    root,
    functionNames: ['publisher'],
    form: 'test',
    optionsFor: (names) => ({ ...bundleOptions([...names]), outdir: join(root, 'dist/lambdas') }),
  });
  let bundle: Bundle;

  beforeAll(async () => {
    bundle = (await bundler.build()).bundles.get('publisher') ?? new Map();
    await writeBundle(bundle, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is that for AWS, a line that names its source map, and the map', () => {
    expect(readdirSync(folder).sort()).toEqual(['index.js', 'index.js.map']);
    const code = `${bundle.get('index.js')?.text}//# sourceMappingURL=index.js.map\n`;
    expect(readFileSync(join(folder, 'index.js'), 'utf8')).toBe(code);
  });

  it('is known again', async () => {
    expect(await isWritten(bundle, folder)).toBe(true);
    const other = new Map([...bundle].map(([path]) => [path, bundle.get('index.js.map') as OutputFile]));
    expect(await isWritten(other, folder)).toBe(false);
    expect(await isWritten(bundle, join(folder, 'removed'))).toBe(false);
  });

  it('has stacks in TypeScript', async () => {
    // Without its variables, the function does not load.
    const { errorMessage, trace } = await invoke(folder);
    expect(errorMessage).toMatch(/^The environment variable \w+ is not set/);
    const place = (path: string) => expect.stringMatching(new RegExp(`${join(root, path)}:\\d+:\\d+\\)?$`));
    expect(trace.slice(1)).toContainEqual(place('lambdas/runtime/environment.ts'));
    expect(trace.slice(1)).toContainEqual(place('lambdas/functions/publisher.ts'));
    expect(lineAt(trace[1] ?? '')).toMatch(/throw new Error\(/);
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
  const quiet = { onLog: () => undefined, onInvoked: () => undefined };
  const localFunction = new LocalFunction(configuration, quiet);
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
