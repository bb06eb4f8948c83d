import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../../tools/host/user-error.ts';

const oldestMajor = 17;
const versionTimeoutMs = 20_000;

/** The Java of JAVA_HOME, otherwise that of the PATH. */
export const javaProgram: string =
  process.env['JAVA_HOME'] === undefined ? 'java' : join(process.env['JAVA_HOME'], 'bin', 'java');

/** @throws {UserError} when `program` is missing or older than DynamoDB Local, or another user of it, needs. */
export function requireJava(program = javaProgram, user = 'DynamoDB Local'): void {
  const { status, stderr } = spawnSync(program, ['-version'], {
    encoding: 'utf8',
    timeout: versionTimeoutMs,
  });
  if (status !== 0) {
    throw new UserError(
      `${user} needs Java ${oldestMajor} or newer, and "${program}" does not run: install a JRE.`,
    );
  }
  const version = /version "([^"]+)"/.exec(stderr)?.[1] ?? 'of an unknown version';
  if (Number.parseInt(version, 10) >= oldestMajor) return;
  throw new UserError(
    `${user} needs Java ${oldestMajor} or newer, and "${program}" is ${version}: install a newer one.`,
  );
}
