import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const packages = join(root, 'node_modules');

/** The one build of tesseract that is shipped: WebAssembly with SIMD, for its neural recognizer only. */
const core = 'tesseract-core-simd-lstm';

/** The function whose threads read documents. Their programs and data are beside its bundle. */
const readingFunction = 'prescription-analyzer';

/**
 * What to build into `<function>/readers` for the functions `names`: the threads that read images and PDFs. Tesseract's
 * WebAssembly and its data for English are copied.
 */
export function documentReaders(names: readonly string[]): Required<Pick<BuildOptions, 'loader'>> & {
  readonly entryPoints: Record<string, string>;
} {
  const sources = {
    'ocr-worker': join(packages, 'tesseract.js/src/worker-script/node/index.js'),
    [core]: join(packages, `tesseract.js-core/${core}.wasm`),
    // The quantized model. The model that includes the data of the legacy recognizer is four times as large.
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
 * Reduces tesseract.js to the code that reads images on Lambda. Keeps one of the six builds of its core, so that an image
 * gives the same text on every machine. Removes the download client.
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
        contents: `module.exports = () => { throw new Error('Downloads are not supported.'); };`,
      }));
    },
  };
}
