import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { bundleIdOf } from '../../../schema/bundle-id.ts';

const dist = join(import.meta.dirname, '../../../dist');

/** Where a build writes. */
export interface BuildFolders {
  /** `<function>/index.js`, and files beside it. Everything in it is deployed. */
  readonly bundles: string;
  /** The maps of the last build: `<function>/index.js.map`. Nothing in it is deployed. */
  readonly maps: string;
}

export const buildFolders: BuildFolders = { bundles: join(dist, 'lambdas'), maps: join(dist, 'maps') };

/** By this line, debuggers find the map of a bundle. Deployed bundles do not have it. */
const comment = '//# sourceMappingURL=index.js.map\n';

/** A bundle as it runs on this machine: that for AWS, and a line that names its map. */
export function withMapComment(contents: Uint8Array): Buffer {
  return Buffer.concat([contents, Buffer.from(comment)]);
}

/** The text of a map that also says to which bundle it belongs. @param map the text of esbuild */
export function mapOfBundle(contents: Uint8Array, map: string): string {
  return withField('bundle', bundleIdOf(contents), map);
}

/**
 * The text of a map for another folder than that for which it was built.
 * @param builtFor the folder from which the sources of `map` are relative paths
 * @param folder an existing folder
 */
export function mapIn(folder: string, builtFor: string, map: string): string {
  // Node knows a bundle by its real path, also where a part of the path is a link, as /tmp on macOS.
  const sourceRoot = `${relative(realpathSync(folder), builtFor).replaceAll(sep, '/')}/`;
  return withField('sourceRoot', sourceRoot, map);
}

/** Maps have megabytes, so they are not parsed for this. */
function withField(name: string, value: string, json: string): string {
  return `{${JSON.stringify(name)}:${JSON.stringify(value)},${json.slice(json.indexOf('{') + 1)}`;
}

/**
 * Gives the bundles of a synthesized app, which runs on this machine only, the maps of the last build. A bundle of another
 * build gets none.
 */
export function addLocalMaps(assemblyFolder: string, folders: BuildFolders = buildFolders): void {
  const { bundles, maps } = folders;
  const built = new Map(readdirSync(maps).flatMap((name) => entryOf(maps, name)));
  for (const name of readdirSync(assemblyFolder)) {
    const folder = join(assemblyFolder, name);
    const bundle = join(folder, 'index.js');
    if (!existsSync(bundle)) continue;
    const contents = readFileSync(bundle);
    const found = built.get(bundleIdOf(contents));
    if (found === undefined) continue;
    const map = mapIn(folder, join(bundles, found.functionName), found.map);
    writeFileSync(join(folder, 'index.js.map'), map);
    writeFileSync(bundle, withMapComment(contents));
  }
}

function entryOf(maps: string, functionName: string): [id: string, { functionName: string; map: string }][] {
  const path = join(maps, functionName, 'index.js.map');
  if (!existsSync(path)) return [];
  const map = readFileSync(path, 'utf8');
  const id = /^\{"bundle":"([0-9a-f]+)"/.exec(map)?.[1];
  return id === undefined ? [] : [[id, { functionName, map }]];
}
