import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const packages = join(root, 'node_modules');
const programs = join(root, 'lambdas/functions/readers');

/** The function that reads documents, in processes of their own. Their programs and data are beside its bundle. */
const readingFunction = 'prescription-analyzer';

/**
 * What to build into `<function>/readers` for the functions `names`: the program that reads one document, and its watchdog.
 * Tesseract's WebAssembly, with SIMD and for its neural recognizer only, and its data for English are copied.
 */
export function documentReaders(names: readonly string[]): Required<Pick<BuildOptions, 'loader'>> & {
  readonly entryPoints: Record<string, string>;
} {
  const core = 'tesseract-core-simd-lstm';
  const sources = {
    'read-document': join(programs, 'read-document.ts'),
    watchdog: join(programs, 'watchdog.ts'),
    [core]: join(packages, `tesseract.js-core/${core}.wasm`),
    // The quantized model. The model that includes the data of the legacy recognizer is four times as large.
    'eng.traineddata': join(packages, '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz'),
  };
  const isNeeded = names.includes(readingFunction);
  return {
    entryPoints: Object.fromEntries(
      Object.entries(isNeeded ? sources : {}).map(([name, source]) => [
        `${readingFunction}/readers/${name}`,
        source,
      ]),
    ),
    loader: { '.wasm': 'copy', '.gz': 'copy' },
  };
}
