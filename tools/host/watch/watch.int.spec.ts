import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.ts';
import { writeBundle } from '../bundles/bundle-files.ts';
import { Bundler } from '../bundles/bundler.ts';
import { LocalFunction } from '../lambda/function.ts';
import { FunctionRegistry } from '../lambda/registry.ts';
import { watchSources } from './watch.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const answering = (value: string) => `export const handler = async (): Promise<string> => '${value}';\n`;

async function watchedFunction(others: readonly string[] = []) {
  const root = mkdtempSync(join(tmpdir(), 'streamfold-watch-'));
  cleanups.push(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ['lambdas/functions', 'schema', 'lib', 'bin', 'code']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const sourceOf = (name: string) => join(root, `lambdas/functions/${name}.ts`);
  const source = sourceOf('api');
  for (const name of ['api', ...others]) writeFileSync(sourceOf(name), answering('first'));
  const bundler = new Bundler({
    root,
    functionNames: ['api', ...others],
    form: 'test',
    optionsFor: (names) => ({
      entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, sourceOf(name)])),
      outdir: join(root, 'dist'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
    }),
  });
  const { bundles, sources } = await bundler.build();
  const functions = new FunctionRegistry();
  const add = async (name: string) => {
    const codeFolder = join(root, 'code', name);
    await writeBundle(bundles.get(name) ?? new Map(), codeFolder);
    const added = new LocalFunction(
      {
        name: `app-${name}`,
        arn: 'arn',
        runtime: 'nodejs24.x',
        codeFolder,
        handler: 'index.handler',
        timeoutMs: 5_000,
        memorySizeMb: 128,
        environment: {},
        maximumInstances: 1,
      },
      { onLog: () => undefined, onInvoked: () => undefined },
    );
    cleanups.push(() => added.stop());
    functions.add(added);
    return added;
  };
  const localFunction = await add('api');
  for (const name of others) await add(name);
  const said: string[] = [];
  const watcher = await watchSources({
    root,
    bundler,
    sources,
    outputFolder: join(root, 'bundles'),
    functions,
    output: { say: (line) => said.push(line), warn: (line) => said.push(line), functionLog: () => undefined },
  });
  cleanups.push(() => watcher.stop());
  const untilSaid = (pattern: RegExp) =>
    until(
      () => said.find((line) => pattern.test(line)),
      (line) => line !== undefined,
    );
  const answer = async () => JSON.parse((await localFunction.invoke('{}')).payload);
  return { root, source, sourceOf, said, untilSaid, answer, localFunction, watcher, bundler };
}

it('an edited function answers with its new code, and keeps the old code while the new does not build', async () => {
  const { source, said, untilSaid, answer } = await watchedFunction();
  expect(await answer()).toBe('first');
  writeFileSync(source, answering('second'));
  await untilSaid(/^Reloaded api in \d+\.\d s\.$/);
  expect(await answer()).toBe('second');
  expect(said).toEqual(['Rebuilding api ...', expect.stringMatching(/^Reloaded api/)]);
  writeFileSync(source, '\nexport const handler = ;');
  expect((await untilSaid(/^Not reloaded/))?.split('\n')).toEqual([
    'Not reloaded, the earlier code still runs:',
    '  lambdas/functions/api.ts:2:24: Unexpected ";"',
    '      export const handler = ;',
    '                             ^',
  ]);
  expect(await answer()).toBe('second');
  said.length = 0;
  writeFileSync(source, answering('third'));
  await untilSaid(/^Reloaded api/);
  expect(await answer()).toBe('third');
});

it('a function that does not build does not stop the reload of others', async () => {
  const { source, sourceOf, said, untilSaid, answer } = await watchedFunction(['verifier']);
  writeFileSync(sourceOf('verifier'), 'export const handler = ;');
  await untilSaid(/^Not reloaded/);
  said.length = 0;
  writeFileSync(source, answering('second'));
  const text = await untilSaid(/^Not reloaded: verifier\. The earlier code still runs:/);
  expect(text).toContain('lambdas/functions/verifier.ts:1:24');
  expect(said).toContainEqual(expect.stringMatching(/^Reloaded api in/));
  expect(await answer()).toBe('second');
  writeFileSync(sourceOf('verifier'), answering('first'));
  await untilSaid(/^Mended/);
});

it('a function whose file is gone is told once, and does not stop the reload of others', async () => {
  const { source, sourceOf, said, untilSaid, answer } = await watchedFunction(['verifier']);
  rmSync(sourceOf('verifier'));
  const gone =
    'lambdas/functions/verifier.ts is gone: stop the host and start it again to run the app as it is now.';
  expect(await untilSaid(/is gone/)).toBe(gone);
  writeFileSync(source, answering('second'));
  await untilSaid(/^Reloaded api/);
  expect(said).toEqual([gone, 'Rebuilding api ...', expect.stringMatching(/^Reloaded api/)]);
  expect(await answer()).toBe('second');
});

it('nothing is reloaded after a stop, also when a build was running', async () => {
  const { source, said, answer, watcher, bundler } = await watchedFunction();
  const build = bundler.build.bind(bundler);
  let stopped: Promise<void> | undefined;
  bundler.build = async (names) => {
    const built = await build(names);
    stopped = watcher.stop();
    return built;
  };
  writeFileSync(source, answering('second'));
  await until(
    () => stopped !== undefined,
    (isStopping) => isStopping,
  );
  await stopped;
  expect(said).toEqual(['Rebuilding api ...']);
  expect(await answer()).toBe('first');
});

it('an edit that breaks the code and one that mends it are told, although the same code runs', async () => {
  const { source, said, untilSaid, answer } = await watchedFunction();
  writeFileSync(source, 'export const handler = ;');
  await untilSaid(/^Not reloaded/);
  writeFileSync(source, answering('first'));
  await untilSaid(/^Mended: the code that runs is current\.$/);
  expect(await answer()).toBe('first');
  expect(said.filter((line) => line.startsWith('Reloaded'))).toEqual([]);
});

it('an edited function that does not load is not called reloaded, and is once it is put right', async () => {
  const { source, said, untilSaid, answer } = await watchedFunction();
  writeFileSync(source, `throw new Error('no');`);
  await until(answer, (value) => value?.errorMessage === 'no');
  writeFileSync(source, answering('second'));
  await untilSaid(/^Reloaded api/);
  expect(said).toEqual(['Rebuilding api ...', 'Rebuilding api ...', expect.stringMatching(/^Reloaded api/)]);
  expect(await answer()).toBe('second');
});

it('an edit that changes no bundle is told', async () => {
  const { root, source, said, untilSaid } = await watchedFunction();
  writeFileSync(join(root, 'lambdas/unused.ts'), 'export const unused = 1;');
  expect(await untilSaid(/^Nothing/)).toBe(
    'Nothing to rebuild: no function has lambdas/unused.ts in its code.',
  );
  said.length = 0;
  writeFileSync(source, `${answering('first')}// A comment.\n`);
  await untilSaid(/^Nothing to reload: the code of the functions is the same as before\.$/);
  expect(said[0]).toBe('Rebuilding api ...');
});

it('edits during a build take effect too', async () => {
  const { source, untilSaid, said, answer } = await watchedFunction();
  for (let edit = 0; edit < 5; edit++) {
    writeFileSync(source, answering(`edit ${edit}`));
    await until(
      () => said.length,
      (lines) => lines > edit,
    );
  }
  writeFileSync(source, answering('last'));
  await until(answer, (value) => value === 'last');
  await untilSaid(/^Reloaded api/);
});

it('a new function asks for a restart', async () => {
  const { root, untilSaid } = await watchedFunction();
  writeFileSync(join(root, 'lambdas/functions/another.ts'), answering('x'));
  expect(await untilSaid(/has changed/)).toContain('lambdas/functions/another.ts has changed: stop the host');
});

it('the stacks of an edited function name the lines of its sources', async () => {
  const { source, untilSaid, localFunction } = await watchedFunction();
  writeFileSync(source, `\n\nexport const handler = async () => {\n  throw new RangeError('edited');\n};\n`);
  await untilSaid(/^Reloaded api/);
  const { trace } = JSON.parse((await localFunction.invoke('{}')).payload);
  expect(trace.slice(0, 2)).toEqual(['RangeError: edited', expect.stringContaining(`${source}:4:9`)]);
  const line = async () => JSON.parse((await localFunction.invoke('{}')).payload).trace[1];
  // The same code, in another line.
  writeFileSync(
    source,
    `// Comment.\n\n\nexport const handler = async () => {\n  throw new RangeError('edited');\n};\n`,
  );
  await until(line, (text) => text.includes(`${source}:5:9`));
});

it('an editor that saves by renaming another file over the source is noticed every time', async () => {
  const { root, said, source, untilSaid, answer } = await watchedFunction();
  for (const value of ['second', 'third', 'fourth']) {
    said.length = 0;
    writeFileSync(join(root, 'lambdas/functions/sedX1y2'), answering(value));
    renameSync(join(root, 'lambdas/functions/sedX1y2'), source);
    await untilSaid(/^Reloaded api/);
    expect(await answer()).toBe(value);
  }
});

it('files in new folders, and in folders that replace others, are noticed', async () => {
  const { root, said, source, untilSaid, answer } = await watchedFunction();
  const inFolder = (name: string, value: string) => {
    mkdirSync(join(root, name, 'deep'), { recursive: true });
    writeFileSync(join(root, name, 'deep/value.ts'), `export const value = '${value}';`);
  };
  inFolder('lambdas/new', 'second');
  writeFileSync(
    source,
    `import { value } from '../new/deep/value.ts';\nexport const handler = async () => value;`,
  );
  await untilSaid(/^Reloaded api/);
  said.length = 0;
  inFolder('lambdas/new', 'third');
  await untilSaid(/^Reloaded api/);
  inFolder('elsewhere', 'fourth');
  renameSync(join(root, 'lambdas/new'), join(root, 'old'));
  // The watcher must notice that the folder is gone: it does not see a swap that is too fast.
  await untilSaid(/^Not reloaded/);
  said.length = 0;
  renameSync(join(root, 'elsewhere'), join(root, 'lambdas/new'));
  await untilSaid(/^Reloaded api/);
  said.length = 0;
  inFolder('lambdas/new', 'fifth');
  await untilSaid(/^Reloaded api/);
  expect(await answer()).toBe('fifth');
});

it('an edited stack asks for a restart', async () => {
  const { root, untilSaid } = await watchedFunction();
  writeFileSync(join(root, 'lib/stack.ts'), 'export {};');
  expect(await untilSaid(/has changed/)).toBe(
    'lib has changed: stop the host and start it again to run the app as it is now.',
  );
});

it('after an edited schema, functions keep the code from the start until a restart', async () => {
  const { root, source, said, untilSaid, answer } = await watchedFunction();
  writeFileSync(join(root, 'schema/contexts.ts'), 'export {};');
  expect(await untilSaid(/has changed/)).toBe(
    'schema has changed: stop the host and start it again to run the app as it is now.',
  );
  said.length = 0;
  writeFileSync(source, answering('second'));
  await untilSaid(/has changed/);
  expect(said).toEqual(['schema has changed: stop the host and start it again to run the app as it is now.']);
  expect(await answer()).toBe('first');
});
