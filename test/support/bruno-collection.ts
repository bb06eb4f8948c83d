import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** The folder of the request collection. */
export const collectionFolder = join(root, 'bruno');
const bru = join(root, 'node_modules/@usebruno/cli/bin/bru.js');
/** A run that takes longer is ended. */
export const runDeadlineMs = 120_000;

interface Outcome {
  readonly status: 'pass' | 'fail';
  readonly lhsExpr?: string;
  readonly description?: string;
  readonly error?: string;
}

/** What is used of the CLI's report on one request. */
export interface RequestResult {
  readonly path: string;
  readonly status: string;
  readonly error: string | null;
  readonly assertionResults: readonly Outcome[];
  readonly preRequestTestResults: readonly Outcome[];
  readonly postResponseTestResults: readonly Outcome[];
}

export interface CollectionRun {
  readonly exitCode: number | null;
  readonly results: readonly RequestResult[];
}

/**
 * Runs the whole collection, as `npm run bruno` does but past failures, and reads its report. It leaves nothing behind.
 * Throws when there is no report.
 */
export async function runCollection(variables: Readonly<Record<string, string>>): Promise<CollectionRun> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-bruno-'));
  try {
    return await run(variables, join(folder, 'report.json'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(variables: Readonly<Record<string, string>>, report: string): Promise<CollectionRun> {
  const overrides = Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`]);
  const reporting = ['--reporter-json', report, '--reporter-skip-body', '--reporter-skip-all-headers'];
  const child = spawn(process.execPath, [bru, 'run', '-r', ...overrides, ...reporting], {
    cwd: collectionFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runDeadlineMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-5_000);
    });
  }
  const [exitCode] = await once(child, 'exit');
  const text = await readFile(report, 'utf8').catch((cause: unknown) => {
    throw new Error(`The collection ended without a report (exit code ${exitCode}):\n${output}`, { cause });
  });
  const [{ results }] = JSON.parse(text) as [{ results: readonly RequestResult[] }];
  return { exitCode, results };
}

/** Everything that went otherwise than the collection says, one sentence each. */
export function failuresOf({ path, error, ...outcomes }: RequestResult): string[] {
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
