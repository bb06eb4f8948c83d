import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { bundleIdOf } from '../../schema/bundle-id.ts';
import { bundleOptions } from '../bundle/bundle.ts';
import { archiveMaps } from '../bundle/maps/archive.ts';
import { mapsApart } from '../bundle/maps/local-map.ts';
import { readStacks } from './read-stack.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const name = 'publisher';

describe('the stack of a deployed function', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-stack-'));
  const maps = join(folder, 'maps');
  const bundle = join(folder, name, 'index.js');
  let id: string;
  /** Of the minified bundle, as Lambda has it. */
  let stack: string;

  beforeAll(async () => {
    const { outputFiles } = await build({ ...bundleOptions([name], folder), ...mapsApart, write: false });
    const fileOf = (path: string) => outputFiles.find((file) => file.path === path);
    const { contents = new Uint8Array(), path = '' } = fileOf(bundle) ?? {};
    const map = fileOf(`${bundle}.map`)?.text ?? '';
    archiveMaps([{ functionName: name, path, contents, map }], maps, 'a'.repeat(40));
    id = bundleIdOf(contents);
    mkdirSync(dirname(bundle), { recursive: true });
    writeFileSync(bundle, contents);
    // Without its variables, the function does not load.
    const script = `try { require(${JSON.stringify(bundle)}) } catch (error) { console.log(error.stack) }`;
    const { stdout } = await run(process.execPath, ['-e', script], { env: { AWS_REGION: 'us-east-1' } });
    stack = stdout.trim().replaceAll(dirname(bundle), '/var/task');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The line of source that a stack names first. */
  const firstLineOf = (text: string) => {
    const [, file = '', line] = /\(?(lambdas\/[^ ()]+\.ts):(\d+):\d+/.exec(text) ?? [];
    return readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1];
  };

  it('is that of a bundle whose bytes the map does not change', async () => {
    const { outputFiles } = await build({ ...bundleOptions([name], folder), write: false });
    expect(bundleIdOf(outputFiles[0]?.contents ?? new Uint8Array())).toBe(id);
  });

  it('is that of a minified bundle', () => {
    expect(stack).toMatch(/at requireEnv \(\/var\/task\/index\.js:\d+:\d{4,}\)/);
  });

  it('is read with the map of its bundle', () => {
    const { texts, problems } = readStacks(stack, { maps, bundle: id });
    expect(problems).toEqual([]);
    expect(texts[0]).toMatch(
      new RegExp(`^publisher, bundle ${id}, built from commit a{12}:\nError: The environment variable`),
    );
    expect(texts[0]).toMatch(/at requireEnv \(lambdas\/runtime\/environment\.ts:\d+:\d+\)/);
    expect(texts[0]).toMatch(/at Object\.<anonymous> \(lambdas\/functions\/publisher\.ts:\d+:\d+\)/);
    expect(firstLineOf(texts[0] ?? '')).toMatch(/^ +throw new Error\($/);
  });

  it.each<[string, (own: string) => string]>([
    [
      'a log line of Powertools',
      (own) => JSON.stringify({ level: 'ERROR', message: 'm', error: { name: 'Error', stack }, bundle: own }),
    ],
    [
      'a list of log events',
      (own) =>
        JSON.stringify({ events: [{ message: JSON.stringify({ error: { stack }, bundle: own }) }] }, null, 2),
    ],
  ])('is found in %s, with the bundle', (_, textOf) => {
    const { texts, problems } = readStacks(textOf(id), { maps });
    expect(problems).toEqual([]);
    expect(texts).toEqual([expect.stringContaining('(lambdas/runtime/environment.ts:')]);
  });

  it.each<[string, () => string]>([
    ['the answer to an invocation', () => JSON.stringify({ errorType: 'Error', trace: stack.split('\n') })],
    [
      'an unhandled rejection',
      () =>
        `2026-11-26T12:00:00.000Z\t8a\tERROR\tUnhandled Promise Rejection \t${JSON.stringify({
          errorType: 'Runtime.UnhandledPromiseRejection',
          reason: { errorType: 'Error', stack: stack.split('\n') },
          promise: {},
          stack: [
            'Runtime.UnhandledPromiseRejection: x',
            '    at process.<anonymous> (file:///var/runtime/index.mjs:1276:17)',
          ],
        })}`,
    ],
  ])('is found in %s, which does not say the bundle', (_, textOf) => {
    const { texts, problems } = readStacks(textOf(), { maps, bundle: id });
    expect(problems).toEqual([]);
    expect(texts).toEqual([expect.stringContaining('(lambdas/runtime/environment.ts:')]);
    const refused = readStacks(textOf(), { maps });
    expect(refused.texts).toEqual([]);
    expect(refused.problems).toContainEqual(
      expect.stringMatching(/does not say of which bundle.*--bundle ID/),
    );
  });

  it('is never read with the map of another build', () => {
    const other = 'f'.repeat(16);
    const line = JSON.stringify({ error: { stack }, bundle: other });
    const { texts, problems } = readStacks(line, { maps, bundle: id });
    expect(texts).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(`^There is no map of bundle ${other} .*npm run build$`)]);
  });

  it.each([
    ['nothing', '', /^There is no stack/],
    [
      'a stack of other code',
      'Error: x\n    at f (/app/server.js:1:2)',
      /^The stack has no line of a bundle/,
    ],
    [
      'frames of X-Ray',
      JSON.stringify({
        cause: { exceptions: [{ stack: [{ path: '/var/task/index.js', line: 1, label: 'f' }] }] },
      }),
      /^X-Ray keeps no columns/,
    ],
  ])('is missed with a sentence in %s', (_, text, sentence) => {
    const { texts, problems } = readStacks(text, { maps, bundle: id });
    expect(texts).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
  });
});
