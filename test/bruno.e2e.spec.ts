import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { startTestHost } from './support/test-host.ts';

const root = join(import.meta.dirname, '..');
const collection = join(root, 'bruno');
const bru = join(root, 'node_modules/@usebruno/cli/bin/bru.js');
const hostStartDeadlineMs = 60_000;
const runDeadlineMs = 120_000;

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

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs the whole collection, as `npm run bruno` does but past failures, and reads its report. */
async function runCollection(variables: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bruno-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const report = join(folder, 'report.json');
  const overrides = Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]);
  const reporting = ['--reporter-json', report, '--reporter-skip-body', '--reporter-skip-all-headers'];
  const child = spawn(process.execPath, [bru, 'run', '-r', ...overrides, ...reporting], {
    cwd: collection,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runDeadlineMs,
    killSignal: 'SIGKILL',
  });
  const exited = once(child, 'exit');
  cleanups.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-5_000);
    });
  }
  const [exitCode] = await exited;
  const text = await readFile(report, 'utf8').catch((cause: unknown) => {
    throw new Error(`The collection ended without a report (exit code ${exitCode}):\n${output}`, { cause });
  });
  const [{ results }] = JSON.parse(text) as [{ results: readonly Result[] }];
  return { exitCode, results };
}

/** Everything that went otherwise than the collection says, one sentence each. */
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

it(
  'every request of the collection is answered by the local host as the collection says',
  async () => {
    const host = await startTestHost();
    cleanups.push(() => host.stop());
    const { exitCode, results } = await runCollection({ baseUrl: host.httpUrl, awsUrl: host.awsUrl });
    expect(results.flatMap(failuresOf)).toEqual([]);
    const unasserted = results.filter(({ assertionResults }) => assertionResults.length === 0);
    expect(unasserted.map(({ path, status }) => `${path}: ${status}`)).toEqual([]);
    expect(results.map(({ path }) => path).sort()).toEqual((await requestNames()).sort());
    expect(exitCode).toBe(0);
  },
  hostStartDeadlineMs + runDeadlineMs,
);
