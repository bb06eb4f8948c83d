import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFailureText } from '../bundles/build-failure-text.ts';
import { isWritten, writeBundle } from '../bundles/bundle-files.ts';
import type { Built, Bundle, Bundler } from '../bundles/bundler.ts';
import type { HostConsole } from '../console.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { secondsText } from '../steps.ts';

export interface ReloaderOptions {
  readonly bundler: Bundler;
  /** The sources in the bundles that run at the start. */
  readonly sources: Built['sources'];
  /** Where rebuilt bundles are written. */
  readonly outputFolder: string;
  readonly functions: FunctionRegistry;
  readonly output: HostConsole;
}

type Outcome = 'same' | 'reloaded' | 'does-not-load';

/** Functions that are named in one line. More are only counted. */
const namedFunctions = 4;
/** Folders of a function's earlier bundles that are kept: instances that still run may read from them. */
const keptFolders = 3;

/** Rebuilds the functions whose sources have changed, one build at a time, reloads those whose bundle is different, and says what it does. */
export class Reloader {
  readonly #options: ReloaderOptions;
  /** The sources in each bundle that was built last. */
  readonly #sources: Map<string, readonly string[]>;
  /** The hashes of the bundles that run, by function. Absent: the bundle from the start. */
  readonly #hashes = new Map<string, string>();
  readonly #folders = new Map<string, string[]>();
  /** The sources that have changed since the last build began. */
  readonly #changed = new Set<string>();
  /** The functions that did not build. */
  readonly #broken = new Set<string>();
  #builds = 0;
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#sources = new Map(Object.entries(options.sources));
  }

  /** Rebuilds after these sources have changed. Changes during a build cause another build after it. */
  rebuild(paths: readonly string[]): void {
    for (const path of paths) this.#changed.add(path);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#changed.size > 0 && !this.#isStopped) {
      const changed = [...this.#changed];
      this.#changed.clear();
      const users = this.#usersOf(changed);
      try {
        await this.#build(users, changed);
      } catch (error) {
        for (const name of users) this.#broken.add(name);
        if (this.#isStopped) return;
        this.#options.output.warn(`Not reloaded, the earlier code still runs:\n${buildFailureText(error)}`);
      }
    }
  }

  /** The functions with these sources in their bundles, and those that did not build the last time. */
  #usersOf(changed: readonly string[]): string[] {
    const using = [...this.#sources].filter(([, sources]) => changed.some((path) => sources.includes(path)));
    return [...new Set([...using.map(([name]) => name), ...this.#broken])].sort();
  }

  async #build(users: readonly string[], changed: readonly string[]): Promise<void> {
    const { bundler, output } = this.#options;
    if (users.length === 0) {
      const [path, ...more] = changed;
      output.say(
        `Nothing to rebuild: no function has ${more.length === 0 ? path : 'the changed files'} in its code.`,
      );
      return;
    }
    const startedAtMs = performance.now();
    output.say(`Rebuilding ${namesText(users)} ...`);
    const { bundles, sources } = await bundler.build(users);
    const outcomes = new Map<string, Outcome>();
    const reload = async ([name, bundle]: [string, Bundle]) =>
      outcomes.set(name, await this.#reload(name, bundle));
    await Promise.all([...bundles].map(reload));
    for (const [name, own] of Object.entries(sources)) this.#sources.set(name, own);
    const names = [...outcomes].filter(([, outcome]) => outcome === 'reloaded').map(([name]) => name);
    const wasBroken = this.#broken.size > 0;
    this.#broken.clear();
    if (names.length > 0) {
      output.say(`Reloaded ${namesText(names)} in ${secondsText(performance.now() - startedAtMs)}.`);
    } else if ([...outcomes.values()].includes('does-not-load')) {
      return; // That has been reported, with the reason.
    } else if (wasBroken) {
      output.say('Mended: the code that runs is current.');
    } else {
      output.say('Nothing to reload: the code of the functions is the same as before.');
    }
  }

  async #reload(name: string, bundle: Bundle): Promise<Outcome> {
    const target = this.#options.functions.withShortName(name);
    if (target === undefined) return 'same';
    const running = this.#hashes.get(name);
    const hash = [...bundle.values()].map((file) => file.hash).join();
    const isSame =
      running === undefined ? await isWritten(bundle, target.configuration.codeFolder) : running === hash;
    const loads = isSame || (await target.reload(await this.#write(name, bundle)));
    this.#hashes.set(name, hash);
    if (!loads) return 'does-not-load';
    return isSame ? 'same' : 'reloaded';
  }

  /** A folder per build: an instance that starts meanwhile must not load half a file. */
  async #write(name: string, bundle: Bundle): Promise<string> {
    const folder = join(this.#options.outputFolder, name, String(++this.#builds));
    await writeBundle(bundle, folder);
    const folders = [...(this.#folders.get(name) ?? []), folder];
    const old = folders.splice(0, folders.length - keptFolders);
    this.#folders.set(name, folders);
    await Promise.all(old.map((each) => rm(each, { recursive: true, force: true })));
    return folder;
  }
}

function namesText(names: readonly string[]): string {
  return names.length <= namedFunctions ? names.join(', ') : `${names.length} functions`;
}
