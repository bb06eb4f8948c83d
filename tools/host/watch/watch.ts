import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildContext, type BuildOptions, context, type OutputFile } from 'esbuild';
import type { HostConsole } from '../console.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { messageOf } from '../user-error.ts';
import { watchFolderTree } from './folder-tree.ts';

export interface WatchOptions {
  root: string;
  /** Rebuilt bundles go here. */
  outputFolder: string;
  /** How the functions are bundled, each to `outputFolder/<function>/index.js`. */
  bundleOptions: (outputFolder: string) => BuildOptions;
  functions: FunctionRegistry;
  output: HostConsole;
}

/** Editors write a file in several steps. */
const settleMs = 60;

/** Rebuilds the functions when their sources change and reloads those whose bundle became another. */
export function watchSources(options: WatchOptions): { stop(): Promise<void> } {
  const rebuilder = new Rebuilder(options);
  const { root, output } = options;
  const watchSettled = (folder: string, onSettled: () => void) => {
    const onChange = settled(onSettled);
    return watchFolderTree({ folder: join(root, folder), onChange, warn: output.warn });
  };
  const watchers = [
    ...['lambdas', 'schema'].map((folder) => watchSettled(folder, () => rebuilder.rebuild())),
    ...['lib', 'bin'].map((folder) =>
      watchSettled(folder, () => output.say(`${folder}/ has changed: restart to host the app as it is now.`)),
    ),
  ];
  return {
    stop: async () => {
      for (const watcher of watchers) watcher.close();
      await rebuilder.stop();
    },
  };
}

/** Calls `onSettled` when no source has changed for a moment. */
function settled(onSettled: () => void): (path: string) => void {
  let timer: NodeJS.Timeout | undefined;
  return (path) => {
    if (!path.endsWith('.ts') || path.endsWith('.spec.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(onSettled, settleMs);
  };
}

class Rebuilder {
  readonly #options: WatchOptions;
  readonly #bundlesFolder: string;
  readonly #hashes = new Map<string, string>();
  #context: BuildContext | undefined;
  #running: Promise<void> | undefined;
  #isStale = false;
  #isStopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#bundlesFolder = options.outputFolder;
  }

  /** One build at a time; what changes meanwhile is built after it. */
  rebuild(): void {
    if (this.#isStopped) return;
    this.#isStale = true;
    this.#running ??= this.#rebuildWhileStale().finally(() => {
      this.#running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#isStale = false;
    await this.#running;
    await this.#context?.dispose();
  }

  async #rebuildWhileStale(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      try {
        await this.#build();
      } catch (error) {
        this.#options.output.warn(`Not reloaded, the code from before goes on: ${messageOf(error)}`);
      }
    }
  }

  async #build(): Promise<void> {
    const startedAtMs = Date.now();
    this.#context ??= await context({
      ...this.#options.bundleOptions(this.#bundlesFolder),
      write: false,
      logLevel: 'silent',
    });
    const { outputFiles = [] } = await this.#context.rebuild();
    const reloaded: string[] = [];
    for (const file of outputFiles) if (await this.#reload(file)) reloaded.push(nameOf(file));
    if (reloaded.length > 0) {
      this.#options.output.say(`Reloaded ${reloaded.join(', ')} in ${Date.now() - startedAtMs} ms.`);
    }
  }

  /** True when the bundle differs from the one that runs. */
  async #reload(file: OutputFile): Promise<boolean> {
    const name = nameOf(file);
    const target = this.#options.functions
      .list()
      .find(({ configuration }) => configuration.name.endsWith(`-${name}`));
    if (target === undefined) return false;
    const hash = hashOf(file.contents);
    const running =
      this.#hashes.get(name) ?? hashOf(await readFile(join(target.configuration.codeFolder, 'index.js')));
    if (running === hash) return false;
    this.#hashes.set(name, hash);
    // A folder per build: an instance that starts meanwhile must not meet half a file.
    const folder = join(this.#bundlesFolder, name, hash.slice(0, 12));
    await mkdir(folder, { recursive: true });
    // What stands beside the bundle (workers, data) has not been built anew.
    await cp(target.configuration.codeFolder, folder, { recursive: true });
    await writeFile(join(folder, 'index.js'), file.contents);
    await target.reload(folder);
    return true;
  }
}

function hashOf(contents: Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}

/** `.../<function>/index.js` */
function nameOf(file: OutputFile): string {
  return dirname(file.path).split('/').at(-1) ?? '';
}
