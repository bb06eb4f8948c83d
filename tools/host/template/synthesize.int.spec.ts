import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Bundler } from '../bundles/bundler.ts';
import { readSources } from '../bundles/source-list.ts';
import type { RunStep } from '../steps.ts';
import { isCurrent, synthesize } from './synthesize.ts';

/** An app without functions. */
const app = `import { writeFileSync } from 'node:fs';
writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', '{}');
`;
const settings = {};

let root: string;
let source: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'streamfold-synthesis-'));
  source = join(root, 'lambdas/source.ts');
  for (const folder of ['bin', 'lambdas']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'bin/app.ts'), app);
  writeFileSync(source, 'unedited');
});
afterEach(() => rmSync(root, { recursive: true }));

/** What happens to the source before it is bundled, and afterwards. */
type Edit = readonly [before: () => void, after: () => void];
const nothing = () => undefined;
const edit: Edit = [() => appendFileSync(source, ' edited'), nothing];
const editAndRestore: Edit = [edit[0], () => writeFileSync(source, 'unedited')];

/** Bundles the source; the first times, somebody edits it. */
function bundlerWith(edits: readonly Edit[]): Bundler {
  const left = [...edits];
  const build = async () => {
    const [before, after] = left.shift() ?? [nothing, nothing];
    before();
    const code = readFileSync(source, 'utf8');
    after();
    return { bundles: new Map(), sources: { code: [code] } };
  };
  return { form: 'deployed', build } as unknown as Bundler;
}
const unedited = bundlerWith([]);
const codeIn = async (folder: string) => (await readSources(folder))['code']?.[0];

it.each([
  ['edited', edit, 'unedited edited'],
  ['edited and restored', editAndRestore, 'unedited'],
])('sources that are %s meanwhile are synthesized again', async (_, change, code) => {
  const done: string[] = [];
  const runStep: RunStep = (step, run) => {
    done.push(step.done);
    return run();
  };
  const folder = await synthesize(root, { bundler: bundlerWith([change]), runStep });
  expect(done).toHaveLength(4);
  expect(done.slice(2)).toEqual(done.slice(0, 2).map((text) => `${text} again (sources changed)`));
  expect(await codeIn(folder)).toBe(code);
  expect(isCurrent(folder, root, settings, unedited)).toBe(true);
});

it('what is edited again and again is not kept for others', async () => {
  const folder = await synthesize(root, { bundler: bundlerWith([edit, edit, edit]) });
  expect(isCurrent(folder, root, settings, unedited)).toBe(false);
  for (const code of ['unedited', 'unedited edited', 'unedited edited edited']) {
    writeFileSync(source, code);
    const other = await synthesize(root, { bundler: unedited });
    expect(basename(other)).not.toBe(basename(folder));
    expect(await codeIn(other)).toBe(code);
  }
});
