import { parseArgs } from 'node:util';
import { contextNames } from '../../schema/contexts.ts';
import { type ReadModelName, sampleMax } from '../../schema/projections.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { localEndpoint, usage as usageTemplate } from './usage.ts';

/** The help text, with the names of the read models. */
export const usage = usageTemplate.replace('NAMES', contextNames.join(', '));

/** Maximum number of segments: DynamoDB accepts a million, but each has a request under way. */
const segmentsMax = 64;
/** The local host runs four invocations of a function at the same time. One of them tells how far the others are. */
const concurrencyMax = 3;
/** On the local host, live traffic and a rebuild share one engine, and traffic goes first. */
const localConcurrency = '1';
const stageConcurrency = '2';

/** Where the functions are, and how the report is printed. */
export interface Target {
  readonly stage: string;
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  /** Whether a stage was named: its state machine rebuilds. Otherwise this process asks for each step. */
  readonly isDeployed: boolean;
  readonly json: boolean;
}

export type OneReadModelCommand = 'switch' | 'undo';
export type RemovalCommand = 'drop' | 'discard';

/** The parsed command line. */
export type ProjectionsArguments =
  | { readonly command: 'help' }
  | (Target & { readonly command: 'status' })
  | (Target & {
      readonly command: 'rebuild';
      readonly readModels: readonly ReadModelName[];
      readonly segments: number;
      readonly concurrency: number;
      readonly switches: boolean;
      readonly restored: boolean;
    })
  | (Target & {
      readonly command: 'verify';
      readonly readModels: readonly ReadModelName[];
      readonly sample: number | 'all';
    })
  | (Target & { readonly command: 'repair'; readonly stream: string })
  | (Target & { readonly command: OneReadModelCommand; readonly readModel: ReadModelName })
  | (Target & {
      readonly command: RemovalCommand;
      readonly readModel: ReadModelName;
      readonly concurrency: number;
    })
  | (Target & { readonly command: 'redrive'; readonly consumers: readonly (ReadModelName | 'publisher')[] })
  | (Target & { readonly command: 'verify-log'; readonly segments: number });

const options = {
  stage: { type: 'string' },
  endpoint: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  all: { type: 'boolean' },
  'no-switch': { type: 'boolean' },
  restored: { type: 'boolean' },
  segments: { type: 'string' },
  concurrency: { type: 'string' },
  sample: { type: 'string' },
} as const;
type Values = ReturnType<typeof parse>['values'];

/** The commands, each with the options that it has besides those of every command. */
const commandOptions = {
  status: [],
  rebuild: ['all', 'no-switch', 'restored', 'segments', 'concurrency'],
  switch: [],
  undo: [],
  drop: ['concurrency'],
  discard: ['concurrency'],
  verify: ['all', 'sample'],
  repair: [],
  redrive: ['all'],
  'verify-log': ['segments'],
} as const satisfies Readonly<Record<string, readonly (keyof typeof options)[]>>;
type CommandName = keyof typeof commandOptions;

/** @throws {UserError} for an unknown command, read model or option, a missing name, or an invalid value. */
export function parseProjectionsArguments(args: readonly string[]): ProjectionsArguments {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  const [command = '', ...names] = positionals;
  if (!isCommand(command)) throw new UserError(`Unknown command "${positionals.join(' ')}".\n\n${usage}`);
  refuseOptionsOfOthers(command, values);
  const [name, ...others] = names;
  if (others.length > 0) throw new UserError(`${command} accepts one name, not "${names.join(' ')}".`);
  const { stage, endpoint, json } = values;
  const target: Target = {
    stage: stage ?? 'local',
    endpoint: endpoint ?? (stage === undefined ? localEndpoint : undefined),
    isDeployed: stage !== undefined,
    json,
  };
  return { ...target, ...parseCommand(command, name, values) };
}

type WithoutTarget<Parsed> = Parsed extends Target ? Omit<Parsed, keyof Target> : never;

function parseCommand(
  command: CommandName,
  name: string | undefined,
  values: Values,
): WithoutTarget<ProjectionsArguments> {
  const usualConcurrency = values.stage === undefined ? localConcurrency : stageConcurrency;
  const concurrency = () =>
    wholeNumber('--concurrency', values.concurrency ?? usualConcurrency, concurrencyMax);
  const segments = (usual: string) => wholeNumber('--segments', values.segments ?? usual, segmentsMax);
  switch (command) {
    case 'status':
      return withoutName(name, { command });
    case 'verify-log':
      return withoutName(name, { command, segments: segments('4') });
    case 'rebuild': {
      const readModels = oneOrAll(command, name, values, contextNames);
      const switches = !values['no-switch'];
      const restored = values.restored === true;
      if (values.stage !== undefined && values.concurrency !== undefined) {
        throw new UserError(
          'A stage rebuilds with the concurrency of its settings, so --concurrency is for the local host.',
        );
      }
      const parts = segments(values.stage === undefined ? '4' : '16');
      return { command, readModels, segments: parts, concurrency: concurrency(), switches, restored };
    }
    case 'verify': {
      const sample = values.sample === undefined ? 'all' : wholeNumber('--sample', values.sample, sampleMax);
      return { command, readModels: oneOrAll(command, name, values, contextNames), sample };
    }
    case 'repair':
      return { command, stream: requireStream(name) };
    case 'redrive':
      return { command, consumers: oneOrAll(command, name, values, [...contextNames, 'publisher'] as const) };
    case 'switch':
    case 'undo':
      return { command, readModel: requireName(command, name, contextNames) };
    case 'drop':
    case 'discard':
      return {
        command,
        readModel: requireName(command, name, contextNames),
        concurrency: concurrency(),
      };
    default:
      return command satisfies never;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}.\n\n${usage}`);
  }
}

function isCommand(command: string): command is CommandName {
  return Object.hasOwn(commandOptions, command);
}

function refuseOptionsOfOthers(command: CommandName, values: Values): void {
  const own: readonly string[] = ['stage', 'endpoint', 'json', 'help', ...commandOptions[command]];
  const foreign = Object.keys(values).find((name) => !own.includes(name));
  if (foreign !== undefined) throw new UserError(`${command} has no option --${foreign}.`);
}

function withoutName<Parsed extends { command: CommandName }>(
  name: string | undefined,
  parsed: Parsed,
): Parsed {
  if (name === undefined) return parsed;
  throw new UserError(`Unknown command "${parsed.command} ${name}".\n\n${usage}`);
}

function oneOrAll<Name extends string>(
  command: CommandName,
  name: string | undefined,
  { all }: Values,
  names: readonly Name[],
): readonly Name[] {
  if (!all) return [requireName(command, name, names)];
  if (name === undefined) return names;
  throw new UserError(`${command} accepts a name or --all, not both.`);
}

function requireName<Name extends string>(
  command: CommandName,
  name: string | undefined,
  names: readonly Name[],
): Name {
  const found = names.find((known) => known === name);
  if (found !== undefined) return found;
  const known = `The names are ${names.join(', ')}.`;
  throw new UserError(
    name === undefined
      ? `${command} needs a name. ${known}`
      : `There is no "${name}" to ${command}. ${known}`,
  );
}

function requireStream(name: string | undefined): string {
  if (name?.includes('/')) return name;
  throw new UserError(
    `repair needs the name of a stream: category/id or category/tenant/id, such as ledger/7f3c.`,
  );
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new UserError(
    `${option} must be a whole number from 1 to ${max.toLocaleString('en')}, not "${text}".`,
  );
}
