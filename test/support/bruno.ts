import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const collection = join(root, 'bruno');
const bru = join(root, 'node_modules/@usebruno/cli/bin/bru.js');

/** After this a run of the collection is killed. */
export const runDeadlineMs = 180_000;

export interface CollectionRun {
  /** One of `bruno/environments`. */
  readonly environment: 'local' | 'emulator';
  /** Variables over those of the environment. */
  readonly variables: Readonly<Record<string, string>>;
}

interface Outcome {
  readonly status: 'pass' | 'fail';
  readonly lhsExpr?: string;
  readonly description?: string;
  readonly error?: string;
}

/** What is used of the CLI's report. */
interface Result {
  readonly path: string;
  readonly status: string;
  readonly error: string | null;
  readonly assertionResults: readonly Outcome[];
  readonly preRequestTestResults: readonly Outcome[];
  readonly postResponseTestResults: readonly Outcome[];
}

/**
 * Runs the whole collection, as `npm run bruno` does but past failures.
 * @returns everything that went otherwise than the collection says, one sentence each: none when every request was sent,
 * asserts something, and was answered so
 */
export async function runCollection(run: CollectionRun): Promise<string[]> {
  const { exitCode, results } = await reportOf(run);
  const failures = results.flatMap(failuresOf);
  const unasserted = results.filter(({ assertionResults }) => assertionResults.length === 0);
  const sent = new Set(results.map(({ path }) => path));
  const unsent = (await requestNames()).filter((name) => !sent.has(name));
  const found = [
    ...failures,
    ...unasserted.map(({ path, status }) => `${path} asserts nothing (${status})`),
    ...unsent.map((name) => `${name} was not sent`),
  ];
  return exitCode === 0 || found.length > 0 ? found : [`The run ended with exit code ${exitCode}`];
}

/** Runs the collection and reads the CLI's report. */
async function reportOf({ environment, variables }: CollectionRun) {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bruno-'));
  const report = join(folder, 'report.json');
  const overrides = Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]);
  const reporting = ['--reporter-json', report, '--reporter-skip-body', '--reporter-skip-all-headers'];
  try {
    const child = spawn(
      process.execPath,
      [bru, 'run', '-r', '--sandbox', 'developer', '--env', environment, ...overrides, ...reporting],
      {
        cwd: collection,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: runDeadlineMs,
        killSignal: 'SIGKILL',
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-5_000);
      });
    }
    const [exitCode] = await once(child, 'close');
    const text = await readFile(report, 'utf8').catch((cause: unknown) => {
      throw new Error(`The collection ended without a report (exit code ${exitCode}):\n${output}`, { cause });
    });
    const [{ results }] = JSON.parse(text) as [{ results: readonly Result[] }];
    return { exitCode, results };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failuresOf({ path, error, ...outcomes }: Result): string[] {
  const failed = [
    ...outcomes.assertionResults,
    ...outcomes.preRequestTestResults,
    ...outcomes.postResponseTestResults,
  ].filter(({ status }) => status === 'fail');
  return [...(error === null ? [] : [{ error }]), ...failed].map(
    (outcome: Partial<Outcome>) =>
      `${path}: ${outcome.lhsExpr ?? outcome.description ?? ''} ${outcome.error ?? ''}`,
  );
}

/** The requests of the collection; what else it holds are settings. */
async function requestNames(): Promise<string[]> {
  const paths = await readdir(collection, { recursive: true });
  return paths
    .filter((path) => path.endsWith('.bru') && !path.startsWith('environments'))
    .map((path) => path.replaceAll('\\', '/').replace(/\.bru$/, ''))
    .filter((path) => !['collection', 'folder'].includes(basename(path)));
}
