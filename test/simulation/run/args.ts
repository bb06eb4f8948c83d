import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../../../tools/host/user-error.ts';

export const usage = `Runs histories in simulated time and checks them. A seed is a history.

npm run simulate -- --seeds N [--from K]     run N seeds, from K (1) on, until the first difference
npm run simulate -- --minutes M [--from K]   run seeds for M minutes, from one of the commit on, until the first difference
npm run simulate -- --seed N                 run one seed and print its history
npm run simulate -- --seed-text TEXT         the same; the seed is derived from the text
npm run simulate -- --plan FILE              carry out a plan that a difference left, and print its history

  --workers N    threads (default: as many as there are cores); the result does not depend on it
  --no-shrink    report a difference as it was found
  --json         print the result as JSON
  --help         print this

Exits with 0 if every history is right, 1 at a difference, 2 if it cannot run, 130 on Ctrl-C.`;

const [workersMax, minutesMax, seedsMax] = [64, 7 * 24 * 60, 1_000_000_000];

/** The parsed command line. */
export type SimulateArguments =
  | { readonly command: 'help' }
  | {
      readonly command: 'many';
      /** Undefined: until the time is over. */
      readonly seeds?: number;
      /** Undefined: until the seeds are done. */
      readonly minutes?: number;
      /** The first seed. Undefined: derived from the commit. */
      readonly from?: number;
      readonly workers: number;
      readonly shrinks: boolean;
      readonly json: boolean;
    }
  | { readonly command: 'seed'; readonly seed: number; readonly json: boolean }
  | { readonly command: 'plan'; readonly file: string; readonly json: boolean };

/** The options that say what to run: exactly one of them is given. */
const choices = ['seeds', 'minutes', 'seed', 'seed-text', 'plan'] as const;

/** @throws {UserError} for an unknown option, an invalid value, or options that do not fit each other. */
export function parseSimulateArguments(args: readonly string[]): SimulateArguments {
  const values = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  const given = choices.filter((name) => values[name] !== undefined);
  const [choice, another] = given;
  if (choice === undefined) throw new UserError(`What shall run?\n\n${usage}`);
  if (another !== undefined) throw new UserError(`--${choice} and --${another} cannot be combined.`);
  const { json } = values;
  if (choice === 'seeds' || choice === 'minutes') return { ...parseMany(values), json };
  const foreign = (['from', 'workers', 'no-shrink'] as const).find((name) => values[name] !== undefined);
  if (foreign !== undefined) throw new UserError(`--${choice} runs one history, so it has no --${foreign}.`);
  if (choice === 'plan') return { command: 'plan', file: values.plan ?? '', json };
  const seed =
    values.seed === undefined
      ? seedOfText(values['seed-text'] ?? '')
      : wholeNumber('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER);
  return { command: 'seed', seed, json };
}

function parseMany(values: ReturnType<typeof parse>) {
  const { seeds, minutes, from, workers } = values;
  const first = from ?? (seeds === undefined ? undefined : '1');
  return {
    command: 'many',
    ...(seeds !== undefined && { seeds: wholeNumber('--seeds', seeds, 1, seedsMax) }),
    ...(minutes !== undefined && { minutes: wholeNumber('--minutes', minutes, 1, minutesMax) }),
    ...(first !== undefined && { from: wholeNumber('--from', first, 0, Number.MAX_SAFE_INTEGER - seedsMax) }),
    workers:
      workers === undefined
        ? Math.min(workersMax, availableParallelism())
        : wholeNumber('--workers', workers, 1, workersMax),
    shrinks: values['no-shrink'] !== true,
  } as const;
}

/** The seed of a text, such as the hash of a commit: 0 to 2^48 - 1. */
export function seedOfText(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: 'string' },
        from: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        'seed-text': { type: 'string' },
        plan: { type: 'string' },
        workers: { type: 'string' },
        'no-shrink': { type: 'boolean' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}.\n\n${usage}`);
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UserError(
    `${option} must be a whole number from ${min} to ${max.toLocaleString('en')}, not "${text}".`,
  );
}
