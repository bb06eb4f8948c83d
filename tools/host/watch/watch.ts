import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { watch } from 'chokidar';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { messageOf } from '../user-error.ts';
import { Reloader, type ReloaderOptions } from './reloader.ts';

/** An editor writes a file in several steps: a change counts once no other follows for this long. */
const settleMs = 60;

/** What the stack is made from besides the functions: a change has an effect after a restart. */
const partsOfStack = ['schema', 'lib', 'bin', 'tools/bundle', 'package-lock.json', 'cdk.json'];

/**
 * Rebuilds the functions when their sources change, and reloads those whose bundle is different. The replacement of a
 * folder is noticed only if the folder is missing for a moment.
 */
export async function watchSources(options: ReloaderOptions): Promise<{ stop(): Promise<void> }> {
  const { root, output } = options;
  const reloader = new Reloader(options);
  const changed = new Set<string>();
  // With another schema, new code may need tables and variables that the hosted stack does not have.
  let hasOtherSchema = false;
  const onSettled = settled(() => {
    const paths = [...changed];
    changed.clear();
    const parts = new Set(paths.flatMap((path) => partOfStack(path, options.functions) ?? []));
    const sources = paths.filter((path) => isIn('lambdas', path));
    hasOtherSchema ||= parts.has('schema');
    if (hasOtherSchema && sources.length > 0) parts.add('schema');
    for (const part of parts) {
      output.say(`${part} has changed: stop the host and start it again to run the app as it is now.`);
    }
    if (sources.length > 0 && !hasOtherSchema) reloader.rebuild(sources);
  });
  const watched = ['lambdas', ...partsOfStack].filter((part) => existsSync(join(root, part)));
  const watcher = watch(watched, { cwd: root, ignoreInitial: true });
  watcher.on('error', (error) => output.warn(`Changes to sources may be missed: ${messageOf(error)}`));
  await once(watcher, 'ready');
  watcher.on('all', (_, path) => {
    if (!/\.(ts|json)$/.test(path) || path.endsWith('.spec.ts')) return;
    changed.add(path.replaceAll(sep, '/'));
    onSettled();
  });
  return {
    stop: async () => {
      const stopped = reloader.stop(); // At once: nothing is reloaded from now on.
      await watcher.close();
      await stopped;
    },
  };
}

/** The part of the stack that the path belongs to. A function that is not hosted is one. */
function partOfStack(path: string, functions: FunctionRegistry): string | undefined {
  const name = /^lambdas\/functions\/([^/]+)\.ts$/.exec(path)?.[1];
  if (name !== undefined && functions.withShortName(name) === undefined) return path;
  return partsOfStack.find((part) => isIn(part, path));
}

function isIn(part: string, path: string): boolean {
  return path === part || path.startsWith(`${part}/`);
}

/** Calls `onSettled` once the result has not been called for {@link settleMs}. */
function settled(onSettled: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(onSettled, settleMs);
  };
}
