import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** The map beside `index.js`. */
export const mapFile = 'index.js.map';

/** With these options too, a build makes a source map for each script, as another file. The scripts stay the same. */
export const mapsApart = { sourcemap: 'external', sourcesContent: false } as const satisfies BuildOptions;

/** By this line, debuggers find the map of a bundle. Deployed bundles do not have it. */
const comment = `//# sourceMappingURL=${mapFile}\n`;

/** A bundle as it runs on this machine: that for AWS, and a line that names its map. */
export function withMapComment(contents: Uint8Array): Buffer {
  return Buffer.concat([contents, Buffer.from(comment)]);
}

/**
 * The text of a map for another folder than that for which it was built.
 * @param folder an existing folder
 * @param builtFor the folder from which the sources of `map` are relative paths
 * @param map the text of esbuild
 */
export function mapIn(folder: string, builtFor: string, map: string): string {
  // Node knows a bundle by its real path, also where a part of the path is a link, as /tmp on macOS.
  const sourceRoot = `${relative(realpathSync(folder), builtFor).replaceAll(sep, '/')}/`;
  // Maps have megabytes, so they are not parsed for this.
  return `{"sourceRoot":${JSON.stringify(sourceRoot)},${map.slice(map.indexOf('{') + 1)}`;
}
