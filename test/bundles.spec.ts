import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { bundleOptions, functionNames } from '../build/bundle.ts';
import { resources, templateOf } from './support/synthesized.ts';

const run = promisify(execFile);

/** A bundle above this deserves a look: every start of a function reads and compiles all of it. */
const maxBundleBytes = 1_000_000;

describe('bundles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-dist-'));
  let sizes: Record<string, number>;
  let sources: string[];

  beforeAll(async () => {
    const { metafile } = await build({ ...bundleOptions(functionNames(), folder), metafile: true });
    sources = Object.keys(metafile?.inputs ?? {});
    sizes = Object.fromEntries(
      Object.values(metafile?.outputs ?? {}).map(({ entryPoint, bytes }) => [entryPoint ?? '', bytes]),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(functionNames())('of %s loads with the environment that the stack gives it', async (name) => {
    const script = `process.stdout.write(typeof require(${JSON.stringify(join(folder, name, 'index.js'))}).handler)`;
    const { stdout } = await run(process.execPath, ['-e', script], {
      env: { AWS_REGION: 'us-east-1', ...environmentOf(name) },
      timeout: 20_000,
    });
    expect(stdout).toBe('function');
  });

  it.each(functionNames())('of %s stays small', (name) => {
    expect(sizes[`lambdas/functions/${name}.ts`]).toBeLessThan(maxBundleBytes);
  });

  it('look for credentials in the environment only', () => {
    expect(sources).toContainEqual(expect.stringContaining('@aws-sdk/credential-provider-env/'));
    // The SDK's clients of STS, SSO and sign-in are in there for the sake of the other providers.
    expect(sources.filter((path) => path.includes('node_modules/@aws-sdk/nested-clients/'))).toEqual([]);
  });
});

/** A function's variables in the template, references replaced by the logical ids they name. */
function environmentOf(name: string): Record<string, string> {
  const [found] = resources(templateOf('local'), 'AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties['FunctionName'] === `streamfold-local-${name}`,
  );
  const variables: Record<string, string | { Ref: string }> =
    found?.[1].Properties['Environment']?.['Variables'] ?? {};
  return Object.fromEntries(
    Object.entries(variables).map(([key, value]) => [key, typeof value === 'string' ? value : value.Ref]),
  );
}
