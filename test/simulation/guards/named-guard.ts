import { join } from 'node:path';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';

/** The variable that names the guard to remove. */
export const guardVariable = 'SIMULATION_GUARD';

const root = join(import.meta.dirname, '../../..');

/** The guard that the environment names, and the path of its file. Throws if it names none. */
export function namedGuard(): { readonly guard: Guard; readonly path: string } {
  const name = process.env[guardVariable];
  const guard = guards.find((one) => one.name === name);
  if (guard === undefined) throw new RangeError(`${guardVariable} names no guard: "${name}".`);
  return { guard, path: join(root, guard.file) };
}
