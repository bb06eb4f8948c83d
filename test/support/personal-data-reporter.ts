import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, Test, TestResult } from '@jest/reporters';
import { logsFolderVariable } from './logs-folder.ts';
import { lineWithPersonalData } from './personal-data.ts';

/** Fails a test run when anything that was logged names a patient, or quotes directions. */
export default class PersonalDataReporter
  implements Pick<Reporter, 'onTestResult' | 'onRunComplete' | 'getLastError'>
{
  #found: string | undefined;
  #searched = 0;

  onTestResult(_test: Test, { console: entries }: TestResult): void {
    for (const { message } of entries ?? []) this.#search(message);
  }

  onRunComplete(): void {
    const folder = process.env[logsFolderVariable];
    if (folder === undefined) return;
    for (const file of readdirSync(folder)) this.#search(readFileSync(join(folder, file), 'utf8'));
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(
      `Searched ${this.#searched} logged lines for patients and directions: ${this.#found ?? 'none'}\n`,
    );
  }

  getLastError(): Error | undefined {
    return this.#found === undefined
      ? undefined
      : new Error(`A log names a patient or quotes directions: ${this.#found}`);
  }

  #search(text: string): void {
    this.#searched += text.split('\n').length;
    this.#found ??= lineWithPersonalData(text);
  }
}
