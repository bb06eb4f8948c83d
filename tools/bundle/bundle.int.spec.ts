import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleIdOf } from '../../schema/bundle-id.ts';
import { bundle, functionNames } from './bundle.ts';
import { archivedBundles, archivedMap } from './maps/archive.ts';

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

  it('archives the source map of every bundle, by the id of its bytes', () => {
    const ids = functionNames().map((functionName) => ({
      functionName,
      id: bundleIdOf(readFileSync(join(folders.bundles, functionName, 'index.js'))),
    }));
    expect(archivedBundles(folders.maps)).toEqual(ids);
    for (const { functionName, id } of ids) {
      const found = archivedMap(id, folders.maps);
      expect(found?.functionName).toBe(functionName);
      expect(found?.map.sources).toContain('lambdas/runtime/environment.ts');
    }
  });
});
