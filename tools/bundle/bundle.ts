import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { documentReaders, oneTesseract } from './document-readers.ts';
import { environmentCredentialsOnly } from './environment-credentials-only.ts';

const root = join(import.meta.dirname, '../..');
const functionsFolder = join(root, 'lambdas/functions');

/** Where the bundle of each function goes: `dist/lambdas/<function>/index.js`. */
export const bundlesFolder = join(root, 'dist/lambdas');

/** The deployed functions, by the name of their file in `lambdas/functions`. */
export function functionNames(): string[] {
  return readdirSync(functionsFolder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/**
 * The one set of build options, for CDK's assets and the local host alike: every function of `names`, with the SDK
 * inside, as CommonJS in `outdir/<function>/index.js`, and what the function's threads run in a folder beside it.
 */
export function bundleOptions(names = functionNames(), outdir = bundlesFolder): BuildOptions {
  const functions = Object.fromEntries(
    names.map((name) => [`${name}/index`, join(functionsFolder, `${name}.ts`)]),
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
    // The SDK's ES modules shake out to about two thirds of what its CommonJS entry points bundle to.
    mainFields: ['module', 'main'],
    plugins: [environmentCredentialsOnly(), oneTesseract()],
    // A function finds what stands beside its bundle by the name that ES modules have for it.
    define: { 'import.meta.dirname': '__dirname' },
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** Bundles every function anew. Each file is replaced at once: whoever reads meanwhile has the old or the new, whole. */
export async function bundle(): Promise<void> {
  const { outputFiles } = await build({ ...bundleOptions(), write: false });
  // Beside the bundles, not in them: what is there is deployed.
  const draft = `${bundlesFolder}.${process.pid}`;
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
}

/** Bundles the functions unless each has a bundle already, of whatever age. */
export async function bundleMissing(): Promise<void> {
  if (functionNames().every((name) => existsSync(join(bundlesFolder, name, 'index.js')))) return;
  await bundle();
}

if (import.meta.main) {
  await bundle();
}
