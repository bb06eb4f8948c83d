import { relative, sep } from 'node:path';
import { type BuildContext, type BuildOptions, context, type Metafile, type OutputFile } from 'esbuild';
import { mapFile, mapsApart } from '../../bundle/maps/local-map.ts';

/** The files of a function's bundle, by their path in its folder: `index.js`, its source map, and what else it needs. */
export type Bundle = ReadonlyMap<string, OutputFile>;

/** What one build made. */
export interface Build {
  /** The bundles by the function's name. */
  readonly bundles: ReadonlyMap<string, Bundle>;
  /** The functions whose bundle has the source in it. `path` is relative to the folder of the project. */
  usersOf(path: string): readonly string[];
}

/** Bundles the functions again and again: each build after the first reads only the sources that have changed. */
export class Bundler {
  readonly #root: string;
  readonly #options: BuildOptions & { readonly outdir: string };
  #context: Promise<BuildContext> | undefined;
  #isDisposed = false;

  /** `options` bundle each function into `outdir/<function>`. Nothing is written there. */
  constructor(root: string, options: BuildOptions & { readonly outdir: string }) {
    this.#root = root;
    this.#options = options;
  }

  /** @throws {import('esbuild').BuildFailure} when the sources do not build. */
  async build(): Promise<Build> {
    this.#context ??= context({
      ...this.#options,
      ...mapsApart,
      absWorkingDir: this.#root,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const { outputFiles = [], metafile } = await (await this.#context).rebuild();
    return { bundles: this.#bundlesOf(outputFiles), usersOf: this.#usersIn(metafile) };
  }

  /** Ends the builder. A build that is under way fails. */
  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await (await this.#context?.catch(() => undefined))?.dispose();
  }

  #bundlesOf(files: readonly OutputFile[]): ReadonlyMap<string, Bundle> {
    const bundles = new Map<string, Map<string, OutputFile>>();
    for (const file of files) {
      const [name, path] = split(relative(this.#options.outdir, file.path));
      // Programs beside a function have no map: their errors reach the function as text.
      if (path.endsWith('.map') && path !== mapFile) continue;
      const bundle = bundles.get(name) ?? new Map();
      bundles.set(name, bundle.set(path, file));
    }
    return bundles;
  }

  #usersIn(metafile: Metafile | undefined): Build['usersOf'] {
    const outputs = Object.entries(metafile?.outputs ?? {});
    const base = `${relative(this.#root, this.#options.outdir).replaceAll(sep, '/')}/`;
    return (path) => {
      const input = path.replaceAll(sep, '/');
      const using = outputs.filter(([, { inputs }]) => Object.hasOwn(inputs, input));
      return [...new Set(using.map(([output]) => split(output.slice(base.length))[0]))].sort();
    };
  }
}

/** The first part of a path, and the rest. */
function split(path: string): [first: string, rest: string] {
  const [first = '', ...rest] = path.split(/[\\/]/);
  return [first, rest.join('/')];
}
