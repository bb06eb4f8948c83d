import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endCheck } from '../run/judged.ts';
import { type Guard, usualBudget } from './guard.ts';
import { guardVariable } from './named-guard.ts';

const root = join(import.meta.dirname, '../../..');

/** Seeds that must find nothing for a guard that no history needs. */
const needlessSeeds = 60;

/** A history that has not ended after this time, in ms of real time, never ends. */
const patienceMs = 180_000;

/** What removing a guard has shown. */
export interface Proof {
  readonly guard: Guard;
  /** Number of seeds that were run. Undefined: a spec was. */
  readonly runs?: number;
  /** The seed that found it. Undefined: none did. */
  readonly seed?: number;
  /** What found it: the check, or the spec. */
  readonly foundBy?: string;
  /** Whether the outcome is the one that the guard declares. */
  readonly isAsDeclared: boolean;
}

/**
 * Removes a guard in another process, and runs seeds, or the spec that the guard names. `budget`: the last seed. Throws if that process
 * cannot run.
 */
export async function prove(guard: Guard, { budget }: { readonly budget?: number } = {}): Promise<Proof> {
  const { unfound, hints = [], focus = 'any' } = guard;
  if (unfound && 'elsewhere' in unfound) return proveBySpec(guard, unfound.elsewhere);
  const last = budget ?? (unfound ? needlessSeeds : (guard.budget ?? usualBudget));
  const { code, output, errors } = await runNode(guard, [
    ...['--import', './test/simulation/guards/load-mutated.ts', 'test/simulation/guards/find.ts'],
    ...[`${last}`, focus, ...hints.map(String)],
  ]);
  const lines = output.trimEnd().split('\n');
  const found = lines.find((line) => line.startsWith('{'));
  const runs = lines.length - (found === undefined ? 0 : 1);
  if (found !== undefined) {
    const { seed, check } = JSON.parse(found);
    return { guard, runs, seed, foundBy: check, isAsDeclared: unfound === undefined };
  }
  if (code === null) {
    const seed = Number(lines.at(-1));
    return { guard, runs, seed, foundBy: endCheck, isAsDeclared: unfound === undefined };
  }
  if (code === 0) return { guard, runs, isAsDeclared: unfound !== undefined };
  throw new Error(`Without the guard "${guard.name}", the simulation cannot run: ${errors.slice(-2_000)}`);
}

/** Jest exits with 1 if a test fails, and also if it cannot run: then its output names no failed test. */
async function proveBySpec(guard: Guard, spec: string): Promise<Proof> {
  const config = 'test/simulation/guards/jest.mutated.config.ts';
  const { code, errors } = await runNode(guard, [
    ...[
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ],
    ...['--config', config, '--runTestsByPath', spec],
  ]);
  const isFound = code === 1 && /^Tests: +\d+ failed/m.test(errors);
  return { guard, ...(isFound && { foundBy: spec }), isAsDeclared: isFound };
}

/** Ends the process if it says nothing for too long: then the code is null. */
async function runNode({ name }: Guard, args: readonly string[]) {
  const env = { ...process.env, [guardVariable]: name };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    timer.refresh();
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    timer.refresh();
    errors += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, output, errors };
}

/** The head of the table of proofs, in Markdown. */
export const proofHead = [
  '| guard | what it guards | seed | what finds that it is missing |',
  '|---|---|---|---|',
];

/** The table of proofs, a line for each guard, in Markdown. "!" marks an outcome that the guard does not declare. */
export function proofLines(proofs: readonly Proof[]): readonly string[] {
  return proofs.map((proof) => {
    const { guard, seed, isAsDeclared } = proof;
    const cells = [`\`${guard.name}\``, guard.what, seed ?? '-', outcomeText(proof)];
    return `| ${isAsDeclared ? '' : '! '}${cells.join(' | ')} |`;
  });
}

function outcomeText({ guard: { unfound }, runs, foundBy }: Proof): string {
  if (unfound && 'elsewhere' in unfound) {
    return foundBy === undefined ? `not found by ${unfound.elsewhere}` : `${foundBy}. ${unfound.why}`;
  }
  if (foundBy !== undefined) return foundBy;
  if (unfound && 'speed' in unfound) return `only speed: ${unfound.speed}`;
  return unfound ? `a second line of defence: ${unfound.second}` : `not found in ${runs} seeds`;
}
