import { UserError } from '../user-error.ts';

/** The data that `--seed` can make. */
const seedNames = ['demo', 'stress'] as const;

/** @throws {UserError} for a name that is not a seed. */
export function parseSeed(name: string): (typeof seedNames)[number] {
  const found = seedNames.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UserError(`--seed must be one of: ${seedNames.join(', ')}. "${name}" is none of them.`);
}
