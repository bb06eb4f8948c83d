import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { aggregateNames, type ContextName } from '../../schema/contexts.ts';
import { projectorName } from '../../schema/names.ts';

const namespace = 'projector';
const lambdasFolder = join(import.meta.dirname, '../../lambdas');

/**
 * The functions that fold the event stream: one for each context with such a source, so that a bundle holds the events
 * of its context only. They have no source files: {@link projectorSources} provides the code of each entry point.
 * @returns entry points by the function's name
 */
export const projectorEntryPoints: Readonly<Record<string, string>> = Object.fromEntries(
  aggregateNames.map((name) => [projectorName(name), `${namespace}:${name}`]),
);

/** The source of the entry points in {@link projectorEntryPoints}, as if each were a file in `lambdas/functions`. */
export function projectorSources(): Plugin {
  return {
    name: 'projector-sources',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${namespace}:`) }, ({ path }) => ({
        path: path.slice(namespace.length + 1),
        namespace,
      }));
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: sourceOf(path as ContextName),
        loader: 'ts',
        resolveDir: join(lambdasFolder, 'functions'),
      }));
    },
  };
}

function sourceOf(name: ContextName): string {
  return `
    import projection from '../contexts/${name}/read-model/projection.ts';
    import { projectorHandler } from '../runtime/projector-handler.ts';

    export const handler = projectorHandler({
      projection,
      env: process.env,
      readModel: '${name}',
    });`;
}
