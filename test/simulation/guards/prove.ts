import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Guard, usualBudget } from './guard.ts';
import { guards } from './guards.ts';
import { guardVariable } from './named-guard.ts';

const root = join(import.meta.dirname, '../../..');

/** Seeds that must find nothing for a guard that is only a matter of speed. */
const speedSeeds = 300;

/** What removing a guard has shown. */
export interface Proof {
  readonly guard: Guard;
  /** Seeds that were run at most. Undefined: a spec was. */
  readonly seeds?: number;
  /** The first seed that found it. Undefined: none did. */
  readonly seed?: number;
  /** What found it: the check, or the spec. */
  readonly foundBy?: string;
  /** Whether the outcome is the one that the guard declares. */
  readonly isAsDeclared: boolean;
}

/** Removes a guard in another process, and runs seeds, or the spec that the guard names. Throws if that process cannot run. */
export async function prove(guard: Guard, { budget }: { readonly budget?: number } = {}): Promise<Proof> {
  const { unfound } = guard;
  if (unfound && 'elsewhere' in unfound) return proveBySpec(guard, unfound.elsewhere);
  const seeds = budget ?? (unfound ? speedSeeds : (guard.budget ?? usualBudget));
  const { code, output, errors } = await runNode(guard, [
    ...['--import', './test/simulation/guards/load-mutated.ts', 'test/simulation/main.ts'],
    ...['--seeds', `${seeds}`, '--workers', '1', '--no-shrink', '--json'],
  ]);
  if (code !== 0 && code !== 1) {
    throw new Error(`Without the guard "${guard.name}", the simulation cannot run: ${errors.slice(-2_000)}`);
  }
  if (code === 0) return { guard, seeds, isAsDeclared: unfound !== undefined };
  const { seed, findings } = JSON.parse(output).failure;
  return { guard, seeds, seed, foundBy: findings[0].check, isAsDeclared: unfound === undefined };
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

async function runNode({ name }: Guard, args: readonly string[]) {
  const env = { ...process.env, [guardVariable]: name };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}

const nameWidth = Math.max(...guards.map(({ name }) => name.length));

/** The table of proofs, a line for each guard. */
export function proofLines(proofs: readonly Proof[]): readonly string[] {
  return proofs.map((proof) => {
    const mark = proof.isAsDeclared ? ' ' : '!';
    return `${mark} ${proof.guard.name.padEnd(nameWidth)}  ${seedText(proof).padStart(6)}  ${outcomeText(proof)}`;
  });
}

function seedText({ seed }: Proof): string {
  return seed === undefined ? '-' : `${seed}`;
}

function outcomeText({ guard: { unfound }, seeds, foundBy }: Proof): string {
  if (foundBy !== undefined) return foundBy;
  if (unfound && 'speed' in unfound) return `only speed: ${unfound.speed}`;
  return unfound ? `not found by ${unfound.elsewhere}` : `not found in ${seeds} seeds`;
}
