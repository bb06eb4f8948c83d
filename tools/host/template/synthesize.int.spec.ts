import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Bundler } from '../bundles/bundler.ts';
import { isCurrent, synthesize } from './synthesize.ts';

/** An app that synthesizes one source. */
const app = `
import { copyFileSync, writeFileSync } from 'node:fs';
copyFileSync('lambdas/source.ts', process.env.CDK_OUTDIR + '/code');
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

/** Edits the source while the functions are bundled, as many times as there are edits. */
function editedBy(edits: readonly (() => void)[]): Bundler {
  const left = [...edits];
  const build = async () => {
    left.shift()?.();
    return { bundles: new Map(), sources: {} };
  };
  return { form: 'deployed', build } as unknown as Bundler;
}
const edit = () => appendFileSync(source, ' edited');
const editAndUndo = () => {
  const before = readFileSync(source);
  edit();
  writeFileSync(source, before);
};
const unedited = editedBy([]);
const codeIn = (folder: string) => readFileSync(join(folder, 'code'), 'utf8');

it.each([
  ['edited', edit, 'unedited edited'],
  ['edited and restored', editAndUndo, 'unedited'],
])('sources that are %s meanwhile are synthesized again', async (_, change, code) => {
  const folder = await synthesize(root, { bundler: editedBy([change]) });
  expect(codeIn(folder)).toBe(code);
  expect(isCurrent(folder, root, settings, unedited)).toBe(true);
});

it('what is edited again and again is not kept for others', async () => {
  const folder = await synthesize(root, { bundler: editedBy([edit, edit, edit]) });
  expect(isCurrent(folder, root, settings, unedited)).toBe(false);
  for (const code of ['unedited', 'unedited edited', 'unedited edited edited']) {
    writeFileSync(source, code);
    const other = await synthesize(root, { bundler: unedited });
    expect(basename(other)).not.toBe(basename(folder));
    expect(codeIn(other)).toBe(code);
  }
});
