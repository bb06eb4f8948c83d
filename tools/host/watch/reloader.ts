import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFailureText } from '../bundles/build-failure-text.ts';
import { isWritten, writeBundle } from '../bundles/bundle-files.ts';
import type { Built, Bundle, Bundler } from '../bundles/bundler.ts';
import type { HostConsole } from '../console.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { secondsText } from '../steps.ts';
import { within } from '../within.ts';

export interface ReloaderOptions {
  /** The folder of the project. */
  readonly root: string;
  readonly bundler: Bundler;
  /** The sources in the bundles that run at the start. */
  readonly sources: Built['sources'];
  /** Where rebuilt bundles are written. */
  readonly outputFolder: string;
  readonly functions: FunctionRegistry;
  readonly output: HostConsole;
}

type Outcome = 'same' | 'reloaded' | 'does-not-load' | 'held';

/** An inspected function is waited for this long: a debugger, or a loop, can hold it. In ms. */
const heldMs = 3_000;
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
  /** The functions whose own file is gone. */
  readonly #gone = new Set<string>();
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
      const using = this.#usersOf(changed);
      const all = [...new Set([...using, ...this.#broken])].filter((name) => this.#isThere(name)).sort();
      if (all.length > 0) await this.#rebuild(all, using);
      else if (using.length === 0) this.#options.output.say(nothingText(changed));
    }
  }

  /** The functions with these sources in their bundles. */
  #usersOf(changed: readonly string[]): string[] {
    const using = [...this.#sources].filter(([, sources]) => changed.some((path) => sources.includes(path)));
    return using.map(([name]) => name);
  }

  /** Whether the function's own file exists. Says once that it does not. Functions from the catalogue have none. */
  #isThere(name: string): boolean {
    const file = `lambdas/functions/${name}.ts`;
    if (!this.#sources.get(name)?.includes(file) || existsSync(join(this.#options.root, file))) {
      this.#gone.delete(name);
      return true;
    }
    this.#broken.delete(name);
    if (!this.#gone.has(name)) {
      this.#options.output.say(
        `${file} is gone: stop the host and start it again to run the app as it is now.`,
      );
    }
    this.#gone.add(name);
    return false;
  }

  /** Builds functions together. If they do not build, those that did before are built alone: the others do not stop them. */
  async #rebuild(all: readonly string[], using: readonly string[]): Promise<void> {
    const { output } = this.#options;
    const startedAtMs = performance.now();
    output.say(`Rebuilding ${namesText(all)} ...`);
    const whole = all.filter((name) => !this.#broken.has(name));
    const rest = whole.length > 0 ? whole : all.filter((name) => using.includes(name));
    const hasOthers = rest.length > 0 && rest.length < all.length;
    try {
      await this.#build(all, startedAtMs);
    } catch (error) {
      if (this.#isStopped) return;
      const failure = hasOthers ? await this.#build(rest, startedAtMs).catch((own) => own) : error;
      if (this.#isStopped) return;
      const broken = failure === undefined ? all.filter((name) => !rest.includes(name)) : all;
      for (const name of broken) this.#broken.add(name);
      const what = failure === undefined ? `Not reloaded: ${namesText(broken)}. The` : 'Not reloaded, the';
      output.warn(`${what} earlier code still runs:\n${buildFailureText(failure ?? error)}`);
    }
  }

  /** @throws {import('esbuild').BuildFailure} */
  async #build(names: readonly string[], startedAtMs: number): Promise<void> {
    const built = await this.#options.bundler.build(names);
    if (!this.#isStopped) await this.#reloadAll(built, startedAtMs);
  }

  async #reloadAll({ bundles, sources }: Built, startedAtMs: number): Promise<void> {
    const { output } = this.#options;
    const outcomes = new Map<string, Outcome>();
    const reload = async ([name, bundle]: [string, Bundle]) =>
      outcomes.set(name, await this.#reload(name, bundle));
    await Promise.all([...bundles].map(reload));
    for (const [name, own] of Object.entries(sources)) this.#sources.set(name, own);
    const wasBroken = [...outcomes.keys()].filter((name) => this.#broken.delete(name)).length > 0;
    if (this.#isStopped) return;
    const namesOf = (wanted: Outcome) =>
      [...outcomes].filter(([, outcome]) => outcome === wanted).map(([name]) => name);
    const [names, held] = [namesOf('reloaded'), namesOf('held')];
    for (const name of held)
      output.say(`${name} loads its new code when its debugger, or its own code, lets it.`);
    if (names.length > 0) {
      output.say(`Reloaded ${namesText(names)} in ${secondsText(performance.now() - startedAtMs)}.`);
    } else if (held.length > 0 || namesOf('does-not-load').length > 0) {
      return; // That has been told, with the reason.
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
    const outcome = isSame ? 'same' : await this.#load(name, target, await this.#write(name, bundle));
    this.#hashes.set(name, hash);
    return outcome;
  }

  async #load(name: string, target: LocalFunction, folder: string): Promise<Outcome> {
    const reloading = target.reload(folder);
    const loads = await (target.configuration.isInspected ? within(heldMs, reloading) : reloading);
    if (loads !== undefined) return loads ? 'reloaded' : 'does-not-load';
    void reloading.then((loadsNow) => {
      const isLast = this.#folders.get(name)?.at(-1) === folder;
      if (loadsNow && isLast && !this.#isStopped) this.#options.output.say(`Reloaded ${name}.`);
    });
    return 'held';
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

function nothingText([path, ...more]: readonly string[]): string {
  return `Nothing to rebuild: no function has ${more.length === 0 ? path : 'the changed files'} in its code.`;
}

function namesText(names: readonly string[]): string {
  return names.length <= namedFunctions ? names.join(', ') : `${names.length} functions`;
}
