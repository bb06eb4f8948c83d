import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../../user-error.ts';

const oldestMajor = 17;
const answerTimeoutMs = 20_000;

/** The Java of JAVA_HOME, otherwise that of the PATH. */
export const javaProgram: string =
  process.env['JAVA_HOME'] === undefined ? 'java' : join(process.env['JAVA_HOME'], 'bin', 'java');

/**
 * Checks that `program` is a JDK for DynamoDB Local. A runtime without a compiler is not enough: the class that binds DynamoDB Local to
 * loopback is compiled when it starts.
 * @throws {UserError} when it is missing, too old or without a compiler.
 */
export function requireJdk(program = javaProgram): void {
  requireJava(program, 'DynamoDB Local', 'a JDK');
  const { stdout } = spawnSync(program, ['--list-modules'], { encoding: 'utf8', timeout: answerTimeoutMs });
  if (/^jdk\.compiler\b/m.test(stdout ?? '')) return;
  throw new UserError(
    `DynamoDB Local needs a JDK, and "${program}" has no compiler: install a JDK ${oldestMajor} or newer.`,
  );
}

/** @throws {UserError} when `program` is missing or older than `user` needs. `install`: what to install. */
export function requireJava(program: string, user: string, install = 'a JRE'): void {
  const { status, stderr } = spawnSync(program, ['-version'], { encoding: 'utf8', timeout: answerTimeoutMs });
  if (status !== 0) {
    throw new UserError(
      `${user} needs Java ${oldestMajor} or newer, and "${program}" does not run: install ${install}.`,
    );
  }
  const version = /version "([^"]+)"/.exec(stderr)?.[1] ?? 'of an unknown version';
  if (Number.parseInt(version, 10) >= oldestMajor) return;
  throw new UserError(
    `${user} needs Java ${oldestMajor} or newer, and "${program}" is ${version}: install a newer one.`,
  );
}
