import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bundleIdOf } from '../../../schema/bundle-id.ts';
import { archivedBundles, archivedMap, archiveMaps } from './archive.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-maps-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const root = join(import.meta.dirname, '../../..');

function archive(
  code: string,
  commit = 'c1',
  sources = ['../../../lambdas/functions/api.ts', 'projector:x'],
) {
  const contents = Buffer.from(code);
  const map = JSON.stringify({ version: 3, sources, names: [], mappings: 'AAAA' });
  archiveMaps(
    [{ functionName: 'api', path: join(root, 'dist/lambdas/api/index.js'), contents, map }],
    folder,
    commit,
  );
  return bundleIdOf(contents);
}

describe('archived maps', () => {
  it('are found by the id of their bundle, with sources from the root', () => {
    const id = archive('code');
    expect(archivedMap(id, folder)).toEqual({
      functionName: 'api',
      map: {
        version: 3,
        sources: ['lambdas/functions/api.ts', 'projector:x'],
        names: [],
        mappings: 'AAAA',
        commit: 'c1',
      },
    });
    expect(archivedMap(bundleIdOf(Buffer.from('other code')), folder)).toBeUndefined();
  });

  it('are those of the newest build of the same code', () => {
    const id = archive('code');
    archive('code', 'c2');
    expect(archivedMap(id, folder)?.map.commit).toBe('c2');
    expect(readdirSync(join(folder, 'api'))).toEqual([`${id}.js.map.gz`]);
  });

  it('are kept for fifty builds', () => {
    const first = archive('first');
    const used = archive('again');
    for (const [index, id] of [first, used].entries()) {
      utimesSync(join(folder, 'api', `${id}.js.map.gz`), index, index);
    }
    archive('again');
    for (let build = 0; build < 49; build++) archive(`build ${build}`);
    const ids = archivedBundles(folder).map(({ id }) => id);
    expect(ids).toHaveLength(50);
    expect(ids).not.toContain(first);
    expect(ids).toContain(used);
  });

  it('may be none', () => {
    expect(archivedBundles(join(folder, 'none'))).toEqual([]);
  });
});
