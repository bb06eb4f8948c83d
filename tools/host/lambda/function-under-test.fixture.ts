import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { FailureReports } from './failure-reports.ts';
import { type FunctionConfiguration, LocalFunction } from './function.ts';
import type { IdleLimits } from './idle-instances.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Calls it after the test, the last one first. */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A folder with this code, for the time of the test. */
export function folderWith(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-function-'));
  afterTest(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.js'), source);
  return folder;
}

interface Options extends Partial<FunctionConfiguration> {
  readonly idleLimits?: IdleLimits;
}

/** A function with this code that is stopped after the test, what it logs, and what the host tells of its failures. */
export function functionOf(source: string, { idleLimits, ...overrides }: Options = {}) {
  const logs: string[] = [];
  const told: string[] = [];
  const failures = new FailureReports({
    root: tmpdir(),
    warn: (line) => told.push(line),
    loadAdvice: 'Mend it.',
  });
  const localFunction = new LocalFunction(
    {
      name: 'f',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      runtime: 'nodejs24.x',
      codeFolder: folderWith(source),
      handler: 'index.handler',
      timeoutMs: 10_000,
      memorySizeMb: 128,
      environment: { MINE: 'yes', AWS_LAMBDA_FUNCTION_NAME: 'f' },
      maximumInstances: 2,
      ...overrides,
    },
    { onLog: (line) => logs.push(line), onInvoked: () => undefined, failures, idleLimits },
  );
  afterTest(() => localFunction.stop());
  const invoke = async (event: unknown = {}) => {
    const { payload, functionError } = await localFunction.invoke(JSON.stringify(event));
    return { functionError, result: JSON.parse(payload) };
  };
  return { localFunction, invoke, logs, told };
}
