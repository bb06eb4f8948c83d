import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, Test, TestResult } from '@jest/reporters';
import { type KeptKind, kindOfKept } from './kept-log.ts';
import { logsFolderVariable } from './logs-folder.ts';
import { lineWithPersonalData } from './personal-data.ts';

/** Fails a test run when anything that was logged or sent as telemetry names a patient, or quotes directions. */
export default class PersonalDataReporter
  implements Pick<Reporter, 'onTestResult' | 'onRunComplete' | 'getLastError'>
{
  #found: string | undefined;
  readonly #searchedLines: Record<KeptKind, number> = { log: 0, telemetry: 0 };

  onTestResult(_test: Test, { console: entries }: TestResult): void {
    for (const { message } of entries ?? []) this.#search('log', message);
  }

  onRunComplete(): void {
    const folder = process.env[logsFolderVariable];
    if (folder === undefined) return;
    for (const file of readdirSync(folder))
      this.#search(kindOfKept(file), readFileSync(join(folder, file), 'utf8'));
    rmSync(folder, { recursive: true, force: true });
    const { log, telemetry } = this.#searchedLines;
    process.stdout.write(
      `Searched ${log} logged lines and ${telemetry} lines of telemetry for patients and directions: ${this.#found ?? 'none'}\n`,
    );
  }

  getLastError(): Error | undefined {
    return this.#found === undefined
      ? undefined
      : new Error(`A log or a span names a patient or quotes directions: ${this.#found}`);
  }

  #search(kind: KeptKind, text: string): void {
    this.#searchedLines[kind] += text.split('\n').filter((line) => line !== '').length;
    this.#found ??= lineWithPersonalData(text);
  }
}
