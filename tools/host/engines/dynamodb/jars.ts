import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { requireWritable } from '../../permissions.ts';
import { runProgram } from '../../programs.ts';
import { messageOf, UserError } from '../../user-error.ts';

const pomPath = join(import.meta.dirname, 'pom.xml');
const cachePath = join(import.meta.dirname, '../../../../.cache/dynamodb-local');
const fetchTimeoutMs = 300_000;
const versionTimeoutMs = 20_000;
const missingMaven =
  'DynamoDB Local is fetched with Maven, and there is no "mvn" on the PATH: install Maven.';

/** Where DynamoDB Local is fetched from and kept. Its folder in the cache has a hash of the POM as its name. */
export interface JarsPlace {
  readonly pom: string;
  readonly cache: string;
  /** The program: `mvn` is looked for on the PATH. */
  readonly maven: string;
}

const projectPlace: JarsPlace = { pom: pomPath, cache: cachePath, maven: 'mvn' };

/** The folder of the jars and native libraries that the POM asks for. It exists only when it is complete. */
export function jarsFolder({ pom, cache }: JarsPlace = projectPlace): string {
  // Windows may check the POM out with other line ends.
  const text = readFileSync(pom, 'utf8').replaceAll('\r\n', '\n');
  return join(cache, createHash('sha256').update(text).digest('hex').slice(0, 16));
}

/** @throws {UserError} when the jars are not there and Maven, which fetches them, is missing. */
export async function requireJarsOrMaven(place: JarsPlace = projectPlace): Promise<void> {
  if (existsSync(jarsFolder(place))) return;
  try {
    await runProgram(place.maven, ['-v'], { timeout: versionTimeoutMs });
  } catch {
    throw new UserError(missingMaven);
  }
}

/**
 * Fetches what the POM asks for with Maven, unless the folder exists.
 * @throws {UserError} when Maven is missing or fails; the next call starts again.
 */
export async function fetchJars(place: JarsPlace = projectPlace): Promise<void> {
  const folder = jarsFolder(place);
  if (existsSync(folder)) return;
  requireWritable(place.cache);
  removeStale(place.cache);
  // Filled under another name and renamed, so that it is always complete.
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    await runMaven(place, unfinished);
    moveUnlessThere(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function runMaven({ pom, maven }: JarsPlace, outputFolder: string): Promise<void> {
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${outputFolder}`,
  ];
  try {
    await runProgram(maven, ['-B', '-q', '-f', pom, ...goal], { timeout: fetchTimeoutMs });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw new UserError(missingMaven);
    const reason =
      /^(?:\[ERROR\] )+(.*)/m.exec(stdout ?? '')?.[1] ?? ((stderr ?? '').trim() || messageOf(error));
    throw new UserError(`Maven could not fetch DynamoDB Local: ${reason}`);
  }
}

function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error; // Otherwise another run was faster.
  }
}

/** Removes what killed runs and other POMs have left, when it is older than any fetch. */
function removeStale(cache: string): void {
  const oldestMs = Date.now() - 2 * fetchTimeoutMs;
  for (const path of readdirSync(cache).map((name) => join(cache, name))) {
    if (statSync(path).mtimeMs < oldestMs) rmSync(path, { recursive: true, force: true });
  }
}
