import { relative, sep } from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile, stop } from 'esbuild';
import { mapFile, mapsApart } from '../../bundle/maps/local-map.ts';

/** The files of a function's bundle, by their path in its folder: `index.js`, its source map, and what else it needs. */
export type Bundle = ReadonlyMap<string, OutputFile>;

/** What was built, by the function's name. */
export interface Built {
  readonly bundles: ReadonlyMap<string, Bundle>;
  /** The project's own sources in each bundle, as paths from the root of the project. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

export interface BundlerOptions {
  /** The folder of the project. */
  readonly root: string;
  readonly functionNames: readonly string[];
  /** Names the form of the bundles: others of the same sources have another. */
  readonly form: string;
  /** Options that bundle these functions, each into `outdir/<function>`. Nothing is written there. */
  readonly optionsFor: (functionNames: readonly string[]) => BuildOptions & { readonly outdir: string };
}

let running = 0;

/**
 * Bundles functions. Between two builds nothing of it runs: a builder that keeps what it has read, to build all functions again in
 * half the time, takes 700 MB.
 */
export class Bundler {
  readonly #options: BundlerOptions;

  constructor(options: BundlerOptions) {
    this.#options = options;
  }

  get form(): string {
    return this.#options.form;
  }

  /**
   * Builds these functions. By default: all.
   * @throws {import('esbuild').BuildFailure} when the sources do not build.
   */
  async build(functionNames: readonly string[] = this.#options.functionNames): Promise<Built> {
    running++;
    try {
      return await this.#build(functionNames);
    } finally {
      running--;
      if (running === 0) await stop(); // Its process would keep the memory that it has used.
    }
  }

  async #build(functionNames: readonly string[]): Promise<Built> {
    const { root, optionsFor } = this.#options;
    const options = optionsFor(functionNames);
    const { outputFiles, metafile } = await build({
      ...options,
      ...mapsApart,
      absWorkingDir: root,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const bundles = new Map<string, Map<string, OutputFile>>();
    for (const file of outputFiles) {
      const [name, path] = split(relative(options.outdir, file.path));
      // Programs beside a function have no map: their errors reach the function as text.
      if (path.endsWith('.map') && path !== mapFile) continue;
      const bundle = bundles.get(name) ?? new Map<string, OutputFile>();
      bundles.set(name, bundle.set(path, file));
    }
    return { bundles, sources: sourcesIn(metafile, relative(root, options.outdir)) };
  }
}

/** `outputFolder` is the folder of the bundles, from the root of the project. */
function sourcesIn({ outputs }: Metafile, outputFolder: string): Record<string, string[]> {
  const sources: Record<string, string[]> = {};
  for (const [output, { inputs }] of Object.entries(outputs)) {
    const [name] = split(relative(outputFolder, output));
    const own = Object.keys(inputs).filter((input) => !input.startsWith('node_modules/'));
    sources[name] = [...(sources[name] ?? []), ...own];
  }
  return sources;
}

/** The first part of a path, and the rest. */
function split(path: string): [first: string, rest: string] {
  const [first = '', ...rest] = path.split(sep);
  return [first, rest.join('/')];
}
