import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { contexts } from '../../schema/contexts.ts';
import { CatalogueError, checkCatalogue } from './check-catalogue.ts';
import { documentReaders } from './document-readers.ts';
import { environmentCredentialsOnly } from './environment-credentials-only.ts';
import { archiveMaps, mapsFolder } from './maps/archive.ts';
import { mapsApart } from './maps/local-map.ts';
import { projectorEntryPoints, projectorSources } from './projectors.ts';

const root = join(import.meta.dirname, '../..');
const functionsFolder = join(root, 'lambdas/functions');

/** The folder of the bundles: `dist/lambdas/<function>/index.js`. */
export const bundlesFolder = join(root, 'dist/lambdas');

/** The deployed functions: the files in `lambdas/functions`, and the projectors that follow from the catalogue. */
export function functionNames(): string[] {
  const files = readdirSync(functionsFolder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => basename(file, '.ts'));
  return [...files, ...Object.keys(projectorEntryPoints)].sort();
}

/**
 * The build options, the same for CDK's assets and the local host: every function of `names`, with the SDK inside, as
 * CommonJS in `outdir/<function>/index.js`. The code of the function's threads is in a folder beside it.
 */
export function bundleOptions(names = functionNames(), outdir = bundlesFolder): BuildOptions {
  const functions = Object.fromEntries(
    names.map((name) => [`${name}/index`, projectorEntryPoints[name] ?? join(functionsFolder, `${name}.ts`)]),
  );
  const readers = documentReaders(names);
  return {
    entryPoints: { ...functions, ...readers.entryPoints },
    loader: readers.loader,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The SDK's ES modules bundle to about two thirds of the size of its CommonJS entry points.
    mainFields: ['module', 'main'],
    plugins: [projectorSources(), environmentCredentialsOnly()],
    // Functions find the files beside their bundle by this ES module name.
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/**
 * Bundles every function, and archives the source maps elsewhere. Each file is replaced in one step: a process that reads it
 * meanwhile sees the old or the new file, never a part.
 * @throws {CatalogueError} when catalogue and folders of the contexts do not agree
 */
export async function bundle(folders = { bundles: bundlesFolder, maps: mapsFolder }): Promise<void> {
  checkCatalogue(contexts, root);
  const options = bundleOptions(functionNames(), folders.bundles);
  const { outputFiles } = await build({ ...options, ...mapsApart, write: false });
  const built = new Map(outputFiles.map((file) => [file.path, file]));
  for (const { path, contents } of outputFiles) {
    if (!path.endsWith('.map')) replaceFile(path, contents, folders.bundles);
  }
  const bundles = functionNames().map((functionName) => {
    const path = join(folders.bundles, functionName, 'index.js');
    const { contents = new Uint8Array() } = built.get(path) ?? {};
    return { functionName, path, contents, map: built.get(`${path}.map`)?.text ?? '' };
  });
  archiveMaps(bundles, folders.maps);
}

/** The file is written beside `folder` first, because everything in the bundles' folder is deployed. */
function replaceFile(path: string, contents: Uint8Array | string, folder: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${folder}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}

/**
 * Bundles the functions unless each already has a bundle, current or not.
 * @throws {CatalogueError} when catalogue and folders of the contexts do not agree
 */
export async function bundleMissing(folder = bundlesFolder): Promise<void> {
  checkCatalogue(contexts, root);
  if (functionNames().every((name) => existsSync(join(folder, name, 'index.js')))) return;
  await bundle();
}

if (import.meta.main) {
  // No top-level await: modules that need this one could then not be required, as Jest does with its set-up.
  bundle().catch((error) => {
    if (!(error instanceof CatalogueError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}
