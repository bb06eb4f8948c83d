import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { logsFolderVariable } from './logs-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-loud-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The output of a run with these specs, with the reporters in the order of the configuration. */
function outputOf(specs: string, lines: readonly string[], nonFlagArgs: readonly string[] = []): string[] {
  const script = `
    import { sayLoudly } from './loud-lines.ts';
    import LoudReporter from './loud-reporter.ts';
    import ClosingLineReporter from './closing-line-reporter.ts';
    const loud = new LoudReporter(${JSON.stringify({ nonFlagArgs })}, ${JSON.stringify({ lines })});
    const reporters = [loud, new ClosingLineReporter()];
    for (const reporter of reporters) reporter.onRunStart?.();
    ${specs};
    const results = { numPassedTests: 2, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
    for (const reporter of reporters) reporter.onRunComplete([], results);
    process.stdout.write('Ran all test suites.\\n');`;
  const options = { cwd: import.meta.dirname, env: { ...process.env, [logsFolderVariable]: folder } };
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], options);
  return output.toString().trimEnd().split('\n');
}

it('says what was left out at once, and again above the closing line', () => {
  const specs = `sayLoudly('the deploy: no Python'); sayLoudly('the deploy: no Python')`;
  expect(outputOf(specs, ['the engine: no Java'])).toEqual([
    '!!! LEFT OUT: the engine: no Java',
    'Ran all test suites.',
    '!!! LEFT OUT: the engine: no Java',
    '!!! LEFT OUT: the deploy: no Python',
    '2 passed, 0 failed',
  ]);
});

it('is silent about a run that left nothing out', () => {
  expect(outputOf('', [])).toEqual(['Ran all test suites.', '2 passed, 0 failed']);
});

it('repeats only what the specs say in a run of some of them', () => {
  expect(outputOf(`sayLoudly('the deploy: no Python')`, ['the engine: no Java'], ['deploy'])).toEqual([
    'Ran all test suites.',
    '!!! LEFT OUT: the deploy: no Python',
    '2 passed, 0 failed',
  ]);
});
