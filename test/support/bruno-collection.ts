import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { brunoCli } from '../../tools/bruno/cli.ts';
import { boundMs } from './patience.ts';

const root = join(import.meta.dirname, '../..');
const collection = join(root, 'bruno');

/** A run is killed after this time, on a quiet machine. */
export const collectionDeadlineMs = 180_000;

export interface CollectionRun {
  /** Variables that override those of the environment's file. */
  readonly variables: Readonly<Record<string, string>>;
  /** By default `local`. */
  readonly environment?: string;
  /** The sandbox of the scripts. `safe` is the default of Bruno's app; direct invocation needs `developer`. */
  readonly sandbox: 'safe' | 'developer';
  /** Folders of the collection; by default all. */
  readonly folders?: readonly string[];
  /** Added to this process's environment. */
  readonly processEnvironment?: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly status: 'pass' | 'fail';
  readonly lhsExpr?: string;
  readonly description?: string;
  readonly error?: string;
}

/** The used part of the CLI's report on a request. */
export interface RequestResult {
  readonly path: string;
  readonly status: string;
  readonly error: string | null;
  readonly assertionResults: readonly Outcome[];
  readonly preRequestTestResults: readonly Outcome[];
  readonly postResponseTestResults: readonly Outcome[];
}

/** Runs the collection like `npm run bruno`, but continues after failures, and returns the results. */
export async function runCollection(
  run: CollectionRun,
): Promise<{ readonly exitCode: number | null; readonly results: readonly RequestResult[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bruno-'));
  try {
    const report = join(folder, 'report.json');
    const { exitCode, output } = await runCli(run, report);
    const text = await readFile(report, 'utf8').catch((cause: unknown) => {
      throw new Error(`The collection ended without a report (exit code ${exitCode}):\n${output}`, { cause });
    });
    const [{ results }] = JSON.parse(text) as [{ results: readonly RequestResult[] }];
    return { exitCode, results };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the collection, or some of its folders, and returns one sentence for each failure. A request that was not sent, or
 * that checks nothing, is a failure too.
 */
export async function failuresOfRun(run: CollectionRun): Promise<string[]> {
  const { exitCode, results } = await runCollection(run);
  const sent = new Set(results.map(({ path }) => path));
  const unsent = (await requestNames(run.folders)).filter((name) => !sent.has(name));
  const failures = [...results.flatMap(failuresOf), ...unsent.map((name) => `${name}: was not sent`)];
  return exitCode === 0 || failures.length > 0 ? failures : [`The run ended with exit code ${exitCode}.`];
}

/** The failures of one request. */
function failuresOf({ path, error, status, ...outcomes }: RequestResult): string[] {
  const failed = [
    ...outcomes.assertionResults,
    ...outcomes.preRequestTestResults,
    ...outcomes.postResponseTestResults,
  ].filter((outcome) => outcome.status === 'fail');
  const sentences = [...(error === null ? [] : [{ error }]), ...failed].map(
    (outcome: Partial<Outcome>) =>
      `${path}: ${outcome.lhsExpr ?? outcome.description ?? ''} ${outcome.error ?? ''}`,
  );
  const isChecked = outcomes.assertionResults.length > 0 || sentences.length > 0;
  return isChecked ? sentences : [`${path}: nothing was checked (${status})`];
}

/** The requests of the collection, or of some of its folders. Its other files are settings. */
async function requestNames(folders?: readonly string[]): Promise<string[]> {
  const paths = await readdir(collection, { recursive: true });
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.bru') && !path.startsWith('environments/'))
    .map((path) => path.replace(/\.bru$/, ''))
    .filter((path) => !['collection', 'folder'].includes(basename(path)))
    .filter((path) => folders?.some((folder) => path.startsWith(`${folder}/`)) ?? true);
}

async function runCli(
  { variables, environment, sandbox, folders = [], processEnvironment }: CollectionRun,
  report: string,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const options = [
    ...['--sandbox', sandbox],
    ...(environment === undefined ? [] : ['--env', environment]),
    ...Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]),
    ...['--reporter-json', report, '--reporter-skip-body', '--reporter-skip-all-headers'],
  ];
  const script = await brunoCli(() => undefined);
  const child = spawn(process.execPath, [script, 'run', ...folders, '-r', ...options], {
    cwd: collection,
    env: { ...process.env, ...processEnvironment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: boundMs(collectionDeadlineMs),
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-5_000);
    });
  }
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return { exitCode, output };
}
