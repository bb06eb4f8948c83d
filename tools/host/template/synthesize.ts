import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { bundleOptions, bundlesFolder, functionNames } from '../../bundle/bundle.ts';
import { allOrFirstFailure } from '../all-or-first-failure.ts';
import { region } from '../aws-json.ts';
import { buildFailureText } from '../bundles/build-failure-text.ts';
import { type Built, Bundler } from '../bundles/bundler.ts';
import { replacePlaceholders, writePlaceholders } from '../bundles/placeholders.ts';
import { writeSources } from '../bundles/source-list.ts';
import { cachedFolder, cacheKey } from '../cached-folder.ts';
import { runProgram } from '../programs.ts';
import { type RunStep, silentSteps } from '../steps.ts';
import { UserError } from '../user-error.ts';
import { hashInputs, stampInputs } from './inputs.ts';

const synthesisTimeoutMs = 180_000;
/** More than one, because other running hosts may use older ones. */
const keptAssemblies = 5;
/** How often the app is synthesized when its sources change meanwhile. */
const maximumSyntheses = 2;

export interface SynthesisOptions {
  /** The settings of the stage. */
  readonly settings?: object;
  /** Default: one for this call. */
  readonly bundler?: Bundler;
  readonly runStep?: RunStep;
}

/**
 * How the functions are bundled: as they are deployed, or with the names of the sources. The second takes two thirds of the
 * time, and debuggers show the variables by their names.
 */
export type BundleForm = 'deployed' | 'readable';

const formOptions = {
  deployed: {},
  readable: { minify: false, minifyWhitespace: true },
} as const satisfies Record<BundleForm, BuildOptions>;

/** Bundles the functions of this project. */
export function newBundler(root: string, form: BundleForm = 'deployed'): Bundler {
  return new Bundler({
    root,
    functionNames: functionNames(),
    form,
    optionsFor: (names) => ({ ...bundleOptions([...names]), ...formOptions[form], outdir: bundlesFolder }),
  });
}

/**
 * The folder of the synthesized app for stage `local`, which stays while this process runs. If its sources have changed, the app
 * is synthesized and its functions are bundled; again if they change meanwhile. If they change then too, only this process uses the folder.
 * @throws {UserError} with the output of the app when it does not synthesize.
 */
export async function synthesize(root: string, options: SynthesisOptions = {}): Promise<string> {
  const { settings = {}, bundler = newBundler(root), runStep = silentSteps } = options;
  for (let synthesis = 1; ; synthesis++) {
    const stamp = stampInputs(root);
    const key = keyOf(root, settings, bundler);
    const folder = await cachedFolder({
      cacheFolder: join(root, '.cache/local'),
      key,
      marker: 'manifest.json',
      kept: keptAssemblies,
      make: (draft) =>
        make(root, draft, { settings, bundler, runStep: synthesis === 1 ? runStep : saidAgain(runStep) }),
      isUnchanged: () => stampInputs(root) === stamp,
      isUsedLater: true,
    });
    if (basename(folder) === key || synthesis === maximumSyntheses) return folder;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says why the steps of a synthesis follow a second time. */
function saidAgain(runStep: RunStep): RunStep {
  return ({ doing, done }, run) =>
    runStep({ doing: `${doing} again`, done: `${done} again (sources changed)` }, run);
}

/** Whether the sources are still those of a folder of {@link synthesize}, with the same options. */
export function isCurrent(folder: string, root: string, settings: object, bundler: Bundler): boolean {
  return basename(folder) === keyOf(root, settings, bundler);
}

function keyOf(root: string, settings: object, { form }: Bundler): string {
  return cacheKey([hashInputs(root), JSON.stringify(settings), form]);
}

async function make(
  root: string,
  folder: string,
  { settings, bundler, runStep }: Required<SynthesisOptions>,
): Promise<void> {
  const placeholders = `${folder}.bundles`;
  const names = functionNames();
  // The bundles are CommonJS, as on Lambda; the project around them is not.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  try {
    await writePlaceholders(names, placeholders);
    // The app comes first: it says what is wrong with the catalogue, which can also be why the functions do not build.
    const [, { bundles, sources }] = await allOrFirstFailure([
      runStep({ doing: 'Synthesizing the stack', done: 'Synthesized the stack' }, () =>
        runApp(root, folder, placeholders, settings),
      ),
      runStep({ doing: 'Bundling the functions', done: `Bundled ${names.length} functions` }, () =>
        build(bundler),
      ),
    ]);
    await replacePlaceholders(folder, bundles);
    await writeSources(folder, sources);
  } finally {
    await rm(placeholders, { recursive: true, force: true });
  }
}

async function build(bundler: Bundler): Promise<Built> {
  try {
    return await bundler.build();
  } catch (error) {
    throw new UserError(
      `The functions do not build, so the app cannot be hosted:\n${buildFailureText(error)}`,
    );
  }
}

const app = 'bin/app.ts';

async function runApp(root: string, folder: string, placeholders: string, settings: object): Promise<void> {
  const environment = {
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ stage: 'local', settings }),
    CDK_DEFAULT_REGION: region,
    STREAMFOLD_BUNDLES: placeholders,
    // CDK's validation of the template takes most of the time. Everything that goes to AWS is synthesized with it.
    CDK_VALIDATION: 'false',
  };
  try {
    await runProgram(process.execPath, [app], {
      cwd: root,
      env: { ...process.env, ...environment },
      timeout: synthesisTimeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    // Node prints its own source line before the message, and the stack after it.
    // The app refuses settings by sentences without a stack.
    if (stderr && !/^ {4}at /m.test(stderr)) {
      throw new UserError(stderr.trim().replaceAll('-c settings=', '--settings '));
    }
    const reason = (stderr || message).split(/^\S*node_modules\/.*$|^ {4}at /m)[0] ?? message;
    throw new UserError(`${app} failed, so the app cannot be hosted:\n${reason.trim()}`);
  }
}
