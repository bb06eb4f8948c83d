import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const packages = join(root, 'node_modules');

/** The one build of tesseract that is shipped: WebAssembly with SIMD, for its neural recognizer only. */
const core = 'tesseract-core-simd-lstm';

/** Beside the bundle of this function stand the programs and the data that its threads read documents with. */
const readingFunction = 'prescription-analyzer';

/**
 * What to build beside the bundles of the functions `names`, in `<function>/readers`: the threads that read images and
 * PDFs, and, as they are, tesseract's WebAssembly and its data for English.
 */
export function documentReaders(names: readonly string[]): Required<Pick<BuildOptions, 'loader'>> & {
  readonly entryPoints: Record<string, string>;
} {
  const sources = {
    'ocr-worker': join(packages, 'tesseract.js/src/worker-script/node/index.js'),
    [core]: join(packages, `tesseract.js-core/${core}.wasm`),
    // The quantized model, a quarter of the size of the one that has the legacy recognizer's data too.
    'eng.traineddata': join(packages, '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz'),
    'pdf-thread': join(root, 'lambdas/contexts/dispense/automations/analysis/embedded/pdf-thread.ts'),
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

/**
 * Keeps of tesseract.js what reads images on Lambda: of the six builds of its core the one that is shipped, whatever
 * the machine could run, so that an image reads the same everywhere; and no client for downloads.
 */
export function oneTesseract(): Plugin {
  const namespace = 'left-out-downloads';
  return {
    name: 'one-tesseract',
    setup(build) {
      build.onResolve({ filter: /^tesseract\.js-core\// }, () => ({
        path: join(packages, `tesseract.js-core/${core}.js`),
      }));
      build.onResolve({ filter: /^node-fetch$/ }, ({ path }) => ({ path, namespace }));
      build.onLoad({ filter: /./, namespace }, () => ({
        contents: `module.exports = () => { throw new Error('Nothing is downloaded here.'); };`,
      }));
    },
  };
}
