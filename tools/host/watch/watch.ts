import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { watch } from 'chokidar';
import { type BuildContext, type BuildOptions, context, type OutputFile } from 'esbuild';
import { mapsApart } from '../../bundle/bundle.ts';
import { mapIn, withMapComment } from '../../bundle/maps/local-maps.ts';
import type { HostConsole } from '../console.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { messageOf } from '../user-error.ts';

export interface WatchOptions {
  root: string;
  /** Where rebuilt bundles are written. */
  outputFolder: string;
  /** The build options that bundle each function into `outputFolder/<function>/index.js`. */
  bundleOptions: (outputFolder: string) => BuildOptions;
  functions: FunctionRegistry;
  output: HostConsole;
}

/** An editor writes a file in several steps: a change counts once no other follows for this long. */
const settleMs = 60;

/**
 * Rebuilds the functions when their sources change, and reloads those whose bundle is different. The replacement of a
 * folder is noticed only if the folder is missing for a moment.
 */
export async function watchSources(options: WatchOptions): Promise<{ stop(): Promise<void> }> {
  const { root, output } = options;
  const rebuilder = new Rebuilder(options);
  const askForRestart = (folder: string) =>
    output.say(`${folder}/ has changed: restart to host the app as it is now.`);
  // With another schema, new code may need tables and variables that the hosted stack does not have.
  let hasOtherSchema = false;
  const onChange: Readonly<Record<string, () => void>> = {
    lambdas: settled(() => (hasOtherSchema ? askForRestart('schema') : rebuilder.rebuild())),
    schema: settled(() => {
      hasOtherSchema = true;
      askForRestart('schema');
    }),
    lib: settled(() => askForRestart('lib')),
    bin: settled(() => askForRestart('bin')),
  };
  const watcher = watch(Object.keys(onChange), { cwd: root, ignoreInitial: true });
  watcher.on('error', (error) => output.warn(`Changes to sources may be missed: ${messageOf(error)}`));
  await once(watcher, 'ready');
  watcher.on('all', (_, path) => {
    if (path.endsWith('.ts') && !path.endsWith('.spec.ts')) onChange[path.split(sep)[0] ?? '']?.();
  });
  return {
    stop: async () => {
      await watcher.close();
      await rebuilder.stop();
    },
  };
}

/** Calls `onSettled` once the result has not been called for {@link settleMs}. */
function settled(onSettled: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(onSettled, settleMs);
  };
}

class Rebuilder {
  readonly #options: WatchOptions;
  /** Hashes of the bundles that run now, by the function's name. Bundles from the start have no entry. */
  readonly #hashes = new Map<string, string>();
  #context: BuildContext | undefined;
  #running: Promise<void> | undefined;
  #isStale = false;
  #isStopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Runs one build at a time. Changes during a build cause another build after it. */
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
        this.#options.output.warn(`Not reloaded, the earlier code still runs: ${messageOf(error)}`);
      }
    }
  }

  async #build(): Promise<void> {
    const startedAtMs = Date.now();
    this.#context ??= await context({
      ...this.#options.bundleOptions(this.#options.outputFolder),
      ...mapsApart,
      write: false,
      logLevel: 'silent',
    });
    const { outputFiles = [] } = await this.#context.rebuild();
    const reloaded: string[] = [];
    const files = new Map(outputFiles.map((file) => [file.path, file]));
    for (const file of outputFiles) {
      const map = files.get(`${file.path}.map`);
      if (map !== undefined && (await this.#reload(file, map))) reloaded.push(nameOf(file));
    }
    if (reloaded.length > 0) {
      this.#options.output.say(`Reloaded ${reloaded.join(', ')} in ${Date.now() - startedAtMs} ms.`);
    }
  }

  /** Resolves to true when the bundle differs from the one that runs, and the function has loaded it. */
  async #reload(file: OutputFile, map: OutputFile): Promise<boolean> {
    const name = nameOf(file);
    const target = this.#options.functions
      .list()
      .find(({ configuration }) => configuration.name.endsWith(`-${name}`));
    if (target === undefined) return false;
    const code = withMapComment(file.contents);
    const hash = hashOf(code);
    const running =
      this.#hashes.get(name) ?? hashOf(await readFile(join(target.configuration.codeFolder, 'index.js')));
    if (running === hash) return false;
    this.#hashes.set(name, hash);
    // A folder per build: an instance that starts during the copy must not load half a file.
    const folder = join(this.#options.outputFolder, name, hash.slice(0, 12));
    await mkdir(folder, { recursive: true });
    // Files beside the bundle (workers, data) are not rebuilt.
    await cp(target.configuration.codeFolder, folder, { recursive: true });
    await writeFile(join(folder, 'index.js.map'), mapIn(folder, dirname(file.path), map.text));
    await writeFile(join(folder, 'index.js'), code);
    return target.reload(folder);
  }
}

function hashOf(contents: Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}

/** `.../<function>/index.js` */
function nameOf(file: OutputFile): string {
  return dirname(file.path).split('/').at(-1) ?? '';
}
