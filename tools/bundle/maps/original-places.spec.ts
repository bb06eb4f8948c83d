import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { OriginalPlaces } from './original-places.ts';
import { ownSources, type SourceMapJson } from './source-map.ts';

/** A bundle of a source, a package and another source, minified to one line. */
const files: Readonly<Record<string, string>> = {
  'lambdas/first.ts': `import { add } from 'pack';
import { second } from './second.ts';

export const first = (value: number): number =>
  add(second(value), 'one');
`,
  'node_modules/pack/index.js': 'export function add(...values) { return values.map(String).join(); }',
  'lambdas/second.ts': `

export function second(value: number) {
  return BigInt(value);
}`,
};

/** As a stack on this machine has it. */
function placesIn(map: SourceMapJson, folder: string) {
  const places = new OriginalPlaces(ownSources(map));
  return {
    placeOf: (line: number, column: number) => {
      const place = places.placeOf(line, column);
      return place && `${join(folder, place.source)}:${place.line}:${place.column}`;
    },
  };
}

describe('the places in sources', () => {
  let code: string;
  let mapText: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: ['lambdas/first.ts'],
      absWorkingDir: '/',
      outfile: '/dist/first/index.js',
      bundle: true,
      minify: true,
      format: 'cjs',
      sourcemap: 'external',
      write: false,
      plugins: [
        {
          name: 'files',
          setup: (context) => {
            const find = (path: string) => Object.keys(files).find((name) => name.endsWith(path)) ?? path;
            context.onResolve({ filter: /./ }, ({ path }) => ({
              path: `/${find(path === 'pack' ? 'pack/index.js' : path.replace(/^.*\//, ''))}`,
            }));
            context.onLoad({ filter: /./ }, ({ path }) => ({
              contents: files[path.slice(1)] ?? '',
              loader: path.endsWith('.ts') ? 'ts' : 'js',
            }));
          },
        },
      ],
    });
    code = outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
    mapText = outputFiles.find(({ path }) => path.endsWith('.map'))?.text ?? '';
  });

  const columnOf = (text: string) => code.split('\n')[0]?.indexOf(text) ?? -1;

  it('are lines and columns of the TypeScript files', () => {
    const places = placesIn(JSON.parse(mapText), '/dist/first');
    expect(places.placeOf(1, columnOf('BigInt(') + 1)).toBe('/lambdas/second.ts:4:10');
    expect(places.placeOf(1, columnOf('"one"') + 1)).toBe('/lambdas/first.ts:5:22');
  });

  it('are unknown in a package, also right after a source', () => {
    const places = placesIn(JSON.parse(mapText), '/dist/first');
    expect(places.placeOf(1, columnOf('.map(String)') + 2)).toBeUndefined();
    expect(places.placeOf(900, 1)).toBeUndefined();
  });

  it('are those of the whole map everywhere', () => {
    const map = JSON.parse(mapText);
    const places = placesIn(map, '/dist/first');
    const whole = new SourceMap(map);
    const found = [...(code.split('\n')[0] ?? '')].map((_, column) => places.placeOf(1, column + 1));
    const expected = found.map((_, column) => {
      const entry = whole.findEntry(0, column);
      if (!('originalSource' in entry) || !/lambdas/.test(entry.originalSource)) return undefined;
      const path = join('/dist/first', entry.originalSource);
      return `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
    expect(new Set(found).size).toBeGreaterThan(8);
    expect(found).toEqual(expected);
  });

  it('follow a map whose sources have a common root', () => {
    const places = placesIn({ ...JSON.parse(mapText), sourceRoot: '../' }, '/dist/first/deeper');
    expect(places.placeOf(1, columnOf('BigInt(') + 1)).toBe('/lambdas/second.ts:4:10');
  });
});
