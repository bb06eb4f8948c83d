import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { bundleOptions } from '../../tools/bundle/bundle.ts';

/** The adapters of tracing by the folders of their sources. */
export type AdapterFolder = 'otlp' | 'xray';

const lambdasFolder = join(import.meta.dirname, '../../lambdas');

/** Where the bundle of a build is. */
export const bundleIn = (folder: string) => join(folder, 'api/index.js');

/** Builds the API's bundle as it is deployed into a folder, without these adapters. Returns its bytes. */
export async function buildApi(folder: string, without: readonly AdapterFolder[] = []): Promise<number> {
  const options = bundleOptions(['api'], folder);
  await build({ ...options, plugins: [...(options.plugins ?? []), leftOut(without)] });
  return statSync(bundleIn(folder)).size;
}

type Create = (env: NodeJS.ProcessEnv, reports: object) => Promise<object | undefined>;

/** What a bundle of {@link buildLoadable} exports: what loads and creates each adapter. */
export interface LoadableBundle {
  readonly create: Readonly<Record<AdapterFolder, Create>>;
}

/** Builds the API's bundle with an entry that loads an adapter later. Returns its path. */
export async function buildLoadable(folder: string): Promise<string> {
  const { entryPoints: _, ...options } = bundleOptions(['api'], folder);
  await build({ ...options, stdin: { contents: loadableEntry, loader: 'ts', resolveDir: lambdasFolder } });
  return join(folder, 'stdin.js');
}

const loadableEntry = `
  export { handler } from './functions/api.ts';
  export const create = {
    otlp: async (...given) => (await import('./tracing/otlp/create-otlp-tracing.ts')).createOtlpTracing(...given),
    xray: async (...given) => (await import('./tracing/xray/create-xray-tracing.ts')).createXrayTracing(...given),
  };`;

/** Replaces the modules of adapters by empty ones. */
function leftOut(adapters: readonly AdapterFolder[]): Plugin {
  return {
    name: 'left out',
    setup: ({ onLoad }) => {
      for (const adapter of adapters) {
        onLoad({ filter: new RegExp(`[/\\\\]lambdas[/\\\\]tracing[/\\\\]${adapter}[/\\\\]`) }, () => ({
          contents: 'export {};',
        }));
      }
    },
  };
}
