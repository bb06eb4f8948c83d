import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { bundleOptions } from '../../tools/bundle/bundle.ts';

/** The adapters of tracing by the folders of their sources. */
export type AdapterFolder = 'otlp' | 'xray';

const adaptersFolder = join(import.meta.dirname, '../../lambdas/tracing');

/** Where the bundle of a build is. */
export const bundleIn = (folder: string) => join(folder, 'api/index.js');

/** Builds the API's bundle as it is deployed into a folder, without these adapters. Returns its bytes. */
export async function buildApi(folder: string, without: readonly AdapterFolder[] = []): Promise<number> {
  const options = bundleOptions(['api'], folder);
  await build({ ...options, plugins: [...(options.plugins ?? []), leftOut(without)] });
  return statSync(bundleIn(folder)).size;
}

/** Builds a bundle of one adapter alone. Returns its path. */
export async function buildAdapter(folder: string, adapter: AdapterFolder): Promise<string> {
  const options = bundleOptions(['api'], folder);
  await build({
    ...options,
    entryPoints: { adapter: join(adaptersFolder, adapter, `create-${adapter}-tracing.ts`) },
  });
  return join(folder, 'adapter.js');
}

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
