import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Plugin } from 'esbuild';
import { bundleOptions } from '../../tools/bundle/bundle.ts';
import { unverifiedSignature } from '../../tools/host/aws-json.ts';
import { writeBundle } from '../../tools/host/bundles/bundle-files.ts';
import { Bundler } from '../../tools/host/bundles/bundler.ts';
import { readAssembly } from '../../tools/host/template/assembly.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';

const root = join(import.meta.dirname, '../..');
const api = 'streamfold-local-api';
const sweeper = 'streamfold-local-metrics-sweeper';
const missing = 'POWERTOOLS_SERVICE_NAME';

/** A host on which the API throws when it is loaded, and the sweeper has a variable less. */
let host: TestHost;
let folder: string;
const warned: string[] = [];
/** The line of the planted `throw`. */
let plantedLine: number;

beforeAll(async () => {
  // Beside the original, because the paths in source maps are relative. A folder of a killed process is removed there.
  folder = join(root, `.cache/local/failing.${process.pid}`);
  cpSync(await synthesize(root), folder, { recursive: true });
  await plantThrow();
  removeVariable();
  host = await startTestHost({ assemblyFolder: folder, onWarning: (line) => warned.push(line) });
}, 180_000);
afterAll(async () => {
  await host?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function plantThrow(): Promise<void> {
  const plant: Plugin = {
    name: 'plant',
    setup: (build) =>
      build.onLoad({ filter: /lambdas\/functions\/api\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        plantedLine = source.split('\n').length;
        return { contents: `${source}throw new RangeError('planted');\n`, loader: 'ts' };
      }),
  };
  const outdir = join(root, 'dist/lambdas');
  const bundler = new Bundler({
    root,
    functionNames: ['api'],
    form: 'planted',
    optionsFor: (names) => {
      const options = bundleOptions([...names], outdir);
      return { ...options, outdir, plugins: [plant, ...(options.plugins ?? [])] };
    },
  });
  const { bundles } = await bundler.build();
  for (const bundle of bundles.values()) await writeBundle(bundle, codeFolderOf(api));
}

function functionIn(template: ReturnType<typeof readAssembly>['template'], name: string) {
  const all = Object.values(template.Resources ?? {});
  const properties = all.find(({ Properties }) => Properties?.['FunctionName'] === name)?.Properties;
  return properties as { Code: { S3Key: string }; Environment: { Variables: Record<string, unknown> } };
}

function codeFolderOf(name: string): string {
  const { template, assets } = readAssembly(folder);
  return assets.get(functionIn(template, name).Code.S3Key) ?? '';
}

function removeVariable(): void {
  const { name, template } = readAssembly(folder);
  delete functionIn(template, sweeper).Environment.Variables[missing];
  writeFileSync(join(folder, `${name}.template.json`), JSON.stringify(template));
}

const reportOf = (name: string) => warned.filter((text) => text.split('\n')[0]?.includes(name));

it('a host whose functions do not load is ready, and has said which, and why, in lines of the source', () => {
  expect(host.notLoaded).toEqual([api, sweeper]);
  expect(reportOf(api)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^Failure \\d: ${api} did not load\\.\n` +
          `  RangeError: planted\n      at lambdas/functions/api\\.ts:${plantedLine}:\\d+\n`,
      ),
    ),
  ]);
  expect(reportOf(sweeper)).toEqual([
    expect.stringMatching(
      new RegExp(
        `did not load\\.\n  \\w*Error: .*${missing}.*\n      at requireEnv \\(lambdas/runtime/environment\\.ts:`,
      ),
    ),
  ]);
});

it('a request says which function failed and where to look, and the failure is not told again', async () => {
  const response = await fetch(`${host.httpUrl}/health?patient=none`);
  expect(response.status).toBe(500);
  const [, number] = /^Failure (\d)/.exec(reportOf(api)[0] ?? '') ?? [];
  expect(await response.json()).toEqual({
    message: 'Internal Server Error',
    function: api,
    requestId: expect.any(String),
    see: `failure ${number} in the output of the host`,
  });
  expect(reportOf(api)).toHaveLength(1);
});

it('a function that fails on an event is told with its request, in lines of the source', async () => {
  const name = 'streamfold-local-todo-projector';
  const response = await fetch(`${host.awsUrl}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: unverifiedSignature('lambda'),
    body: '{}',
  });
  expect(response.headers.get('x-amz-function-error')).toBe('Unhandled');
  const requestId = response.headers.get('x-amzn-requestid');
  expect(reportOf(name)).toEqual([
    expect.stringMatching(
      new RegExp(
        `failed on a direct invocation \\(request ${requestId}\\)\\.\n  TypeError: .*\n(.*\n)?.*[ (]lambdas/\\S+\\.ts:\\d+`,
      ),
    ),
  ]);
});
