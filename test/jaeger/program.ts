import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder, cacheKey } from '../../tools/host/cached-folder.ts';
import { runProgram } from '../../tools/host/programs.ts';
import { isExecutable, pathsOf } from '../../tools/host/programs-on-path.ts';
import { messageOf, UserError } from '../../tools/host/user-error.ts';

const version = 'v1.76.0';
const command = 'github.com/jaegertracing/jaeger/cmd/jaeger';
const cacheFolder = join(import.meta.dirname, '../../.cache/jaeger');
/** In the folder of a build. */
const program = process.platform === 'win32' ? 'jaeger.exe' : 'jaeger';
const go = process.platform === 'win32' ? 'go.exe' : 'go';
const key = cacheKey([`${version} ${process.platform} ${process.arch}`]);
/** For each step of the build. The slowest takes three minutes on two cores. */
const stepTimeoutMs = 30 * 60_000;
const outputLimitBytes = 16 * 1024 * 1024;

/** Why this machine cannot run Jaeger, and what to install. Undefined if it can. */
export function whyNoJaeger(): string | undefined {
  if (existsSync(join(cacheFolder, key, program)) || pathsOf(go).some(isExecutable)) return undefined;
  return 'Jaeger is built with Go, and there is no "go" on the PATH: install Go 1.25 or newer.';
}

/**
 * The program of Jaeger. It is built once, and then kept under `.cache`. Its module has replacements, so `go install` refuses it: it is
 * a tool of a module of its own.
 * @param say called with a line for the user before a long wait
 * @throws {UserError} when Go cannot build it; the next call starts again.
 */
export async function jaegerProgram(say: (line: string) => void): Promise<string> {
  const folder = await cachedFolder({
    cacheFolder,
    key,
    marker: program,
    kept: 1,
    make: async (draft) => {
      say(`Building Jaeger ${version} (once, three to six minutes) ...`);
      await runGo(draft, 'mod', 'init', 'jaeger');
      await runGo(draft, 'get', '-tool', `${command}@${version}`);
      await runGo(draft, 'build', '-o', program, command);
    },
  });
  return join(folder, program);
}

async function runGo(folder: string, ...args: string[]): Promise<void> {
  try {
    await runProgram('go', args, { cwd: folder, timeout: stepTimeoutMs, maxBuffer: outputLimitBytes });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const reason = stderr?.trim().split('\n').at(-1) || messageOf(error);
    throw new UserError(
      `Go could not build Jaeger (go ${args.join(' ')}: ${reason}): correct what it names, and try again.`,
    );
  }
}
