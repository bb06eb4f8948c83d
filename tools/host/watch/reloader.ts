import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFailureText } from '../bundles/build-failure-text.ts';
import { isWritten, writeBundle } from '../bundles/bundle-files.ts';
import type { Build, Bundle, Bundler } from '../bundles/bundler.ts';
import type { HostConsole } from '../console.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { secondsText } from '../steps.ts';

export interface ReloaderOptions {
  readonly bundler: Bundler;
  /** Where rebuilt bundles are written. */
  readonly outputFolder: string;
  readonly functions: FunctionRegistry;
  readonly output: HostConsole;
}

/** Functions that are named in one line. More are only counted. */
const namedFunctions = 4;
/** Folders of a function's earlier bundles that are kept: instances that still run may read from them. */
const keptFolders = 3;

/** Rebuilds the functions, one build at a time, reloads those whose bundle is different, and says what it does. */
export class Reloader {
  readonly #options: ReloaderOptions;
  /** The hashes of the bundles that run, by function. Absent: the bundle from the start. */
  readonly #hashes = new Map<string, string>();
  readonly #folders = new Map<string, string[]>();
  /** The sources that have changed since the last build began. */
  readonly #changed = new Set<string>();
  #builds = 0;
  #latest: Build | undefined;
  #isBroken = false;
  #isStale = false;
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Builds ahead, so that the first change takes effect as quickly as the others. It says something only if the sources have changed since the start. */
  prepare(): void {
    this.#start();
  }

  /** Rebuilds after these sources have changed. Changes during a build cause another build after it. */
  rebuild(paths: readonly string[]): void {
    for (const path of paths) this.#changed.add(path);
    this.#start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
  }

  #start(): void {
    this.#isStale = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    while (this.#isStale && !this.#isStopped) {
      this.#isStale = false;
      const changed = [...this.#changed];
      this.#changed.clear();
      try {
        await this.#build(changed);
      } catch (error) {
        if (this.#isStopped) return;
        this.#isBroken = true;
        this.#options.output.warn(`Not reloaded, the earlier code still runs:\n${buildFailureText(error)}`);
      }
    }
  }

  async #build(changed: readonly string[]): Promise<void> {
    const { bundler, output } = this.#options;
    const startedAtMs = performance.now();
    if (changed.length > 0) output.say(`Rebuilding ${this.#usersText(changed)}...`);
    const build = await bundler.build();
    this.#latest = build;
    const reloaded = await Promise.all([...build.bundles].map((each) => this.#reload(...each)));
    const names = reloaded.flatMap((name) => name ?? []);
    const wasBroken = this.#isBroken;
    this.#isBroken = false;
    if (names.length > 0) {
      output.say(`Reloaded ${namesText(names)} in ${secondsText(performance.now() - startedAtMs)}.`);
    } else if (wasBroken) {
      output.say('Mended: the code that runs is current.');
    } else if (changed.length > 0) {
      output.say('Nothing to reload: the code of the functions is the same as before.');
    }
  }

  /** The functions that have had the sources in them, with a space behind it. Empty if none has. */
  #usersText(changed: readonly string[]): string {
    const users = new Set(changed.flatMap((path) => this.#latest?.usersOf(path) ?? []));
    return users.size === 0 ? '' : `${namesText([...users].sort())} `;
  }

  /** Resolves to the name if the bundle differs from the one that runs. */
  async #reload(name: string, bundle: Bundle): Promise<string | undefined> {
    const target = this.#options.functions.withShortName(name);
    if (target === undefined) return undefined;
    const running = this.#hashes.get(name);
    const hash = [...bundle.values()].map((file) => file.hash).join();
    const isSame =
      running === undefined ? await isWritten(bundle, target.configuration.codeFolder) : running === hash;
    this.#hashes.set(name, hash);
    if (isSame) return undefined;
    await target.reload(await this.#write(name, bundle));
    return name;
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
