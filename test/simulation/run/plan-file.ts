import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { callerFolder } from '../../../tools/host/caller-folder.ts';
import { messageOf, UserError } from '../../../tools/host/user-error.ts';
import type { Plan } from '../plan.ts';

const root = join(import.meta.dirname, '../../..');
const usualFolder = join(root, '.cache/simulation');

/** Writes a plan. Returns the path of its file, relative to the folder of the caller, who may paste it. */
export function writePlan(plan: Plan, folder = usualFolder): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${plan.seed}.json`);
  writeFileSync(path, `${JSON.stringify(plan, undefined, 2)}\n`);
  return relative(callerFolder(), path);
}

/** Reads a plan. @throws {UserError} if the file cannot be read or has none. */
export function readPlan(path: string): Plan {
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(readFileSync(path, 'utf8')) as Partial<Plan> | null;
  } catch (error) {
    throw new UserError(`There is no plan in ${path}: ${messageOf(error)}`);
  }
  const { seed, options, acts, faults } = plan ?? {};
  const isPlan =
    Number.isSafeInteger(seed) && typeof options === 'object' && areKinds(acts) && areKinds(faults);
  if (!isPlan) throw new UserError(`${path} has no plan: it needs "seed", "options", "acts" and "faults".`);
  return plan as Plan;
}

function areKinds(list: readonly { readonly kind: string }[] | undefined): boolean {
  return Array.isArray(list) && list.every((each) => typeof each?.kind === 'string');
}
