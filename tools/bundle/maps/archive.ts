import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bundleIdOf } from '../../../schema/bundle-id.ts';
import type { SourceMapJson } from './source-map.ts';

const root = join(import.meta.dirname, '../../..');

/** The archived maps: `dist/maps/<function>/<id of the bundle>.js.map.gz`. Nothing in it is deployed. */
export const mapsFolder = join(root, 'dist/maps');

/** Maps of each function that are kept: those of the newest builds. A map has half a megabyte. */
const keptMaps = 50;
const suffix = '.js.map.gz';

/** A map whose sources are paths from the root of the project, such as `lambdas/functions/api.ts`. */
export interface ArchivedMap extends SourceMapJson {
  /** The commit of the sources, with `+` if they had changes that were not committed; empty outside of a repository. */
  readonly commit: string;
}

/** A bundle and its map, as esbuild makes them. */
export interface BuiltBundle {
  readonly functionName: string;
  /** Sources in the map are relative to its folder. */
  readonly path: string;
  readonly contents: Uint8Array;
  readonly map: string;
}

/** Keeps the maps of a build. The same code from other sources has the same id, and replaces the map. */
export function archiveMaps(
  bundles: readonly BuiltBundle[],
  folder = mapsFolder,
  commit = commitOf(root),
): void {
  for (const { functionName, path, contents, map } of bundles) {
    const own = join(folder, functionName);
    mkdirSync(own, { recursive: true });
    const file = join(own, `${bundleIdOf(contents)}${suffix}`);
    const archived: ArchivedMap = { ...withSourcesFromRoot(JSON.parse(map), dirname(path)), commit };
    // In one step, because somebody may read it.
    writeFileSync(`${file}.${process.pid}`, gzipSync(JSON.stringify(archived)));
    renameSync(`${file}.${process.pid}`, file);
    removeOld(own);
  }
}

/** The map of the bundle with this id, and its function. Undefined: it is not in the archive. */
export function archivedMap(
  id: string,
  folder = mapsFolder,
): { readonly functionName: string; readonly map: ArchivedMap } | undefined {
  const found = archivedBundles(folder).find((bundle) => bundle.id === id);
  if (found === undefined) return undefined;
  const { functionName } = found;
  const file = join(folder, functionName, `${id}${suffix}`);
  return { functionName, map: JSON.parse(gunzipSync(readFileSync(file)).toString()) };
}

/** The bundles whose maps are in the archive. */
export function archivedBundles(
  folder = mapsFolder,
): { readonly functionName: string; readonly id: string }[] {
  return namesIn(folder).flatMap((functionName) =>
    namesIn(join(folder, functionName))
      .filter((name) => name.endsWith(suffix))
      .map((name) => ({ functionName, id: name.slice(0, -suffix.length) })),
  );
}

function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).sort() : [];
}

function withSourcesFromRoot(map: SourceMapJson, folder: string): SourceMapJson {
  const sources = map.sources.map((source) =>
    source.startsWith('.') ? relative(root, resolve(folder, source)).replaceAll(sep, '/') : source,
  );
  return { ...map, sources };
}

function removeOld(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({ path: join(folder, name), madeAtMs: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.madeAtMs - a.madeAtMs);
  for (const { path } of files.slice(keptMaps)) rmSync(path, { force: true });
}

function commitOf(folder: string): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return ''; // No git, or no repository.
  }
}
