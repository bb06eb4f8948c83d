import { parseArgs } from 'node:util';
import { callerPath } from './caller-folder.ts';
import { type DynamodbChoice, parseDynamodb } from './engines/dynamodb/choose.ts';
import { type Inspection, parseInspect } from './inspect/inspect-option.ts';
import { type LogSelection, parseLogs } from './log-selection.ts';
import { parseOtlp } from './otlp/otlp-option.ts';
import { parseSeed } from './seed/names.ts';
import { parseSettings, type StageSettings } from './settings.ts';
import { messageOf, UserError } from './user-error.ts';

/** The parsed command line of `npm start`. */
export interface StartArguments extends DynamodbChoice {
  httpPort: number;
  awsPort: number;
  /** Absolute. */
  persistFolder?: string;
  /** The data to make. */
  seed?: ReturnType<typeof parseSeed>;
  /** Settings of the stage that differ from those of `local`. */
  settings?: StageSettings;
  auth: boolean;
  owners: boolean;
  /** The log lines to show besides warnings and errors. */
  logs: LogSelection;
  /** The base URL of a receiver of OTLP/HTTP. */
  otlpUrl?: string;
  /** Functions that a debugger can stop. */
  inspect: readonly Inspection[];
  help: boolean;
}

export const usage = `Runs the whole app on this machine.

npm start -- [options]

  --persist DIR    keep the data in this folder across restarts
  --http PORT      port of the HTTP routes (3000; 0: any free port)
  --aws PORT       port for the AWS CLI and SDKs (4566; 0: any free port)
  --dynamodb WHAT  dynoxide, java (DynamoDB Local), python (the emulator's), or the URL of one that runs
  --seed           make a small set of invented data; with --persist, once
  --seed stress    make accounts of 10, 100, 1,000, 10,000 and 100,000 events; with --persist, once
  --settings JSON  settings of the stage, such as '{"cors":{"origins":["http://localhost:5173"]}}'
  --auth           callers need a token: npm run -s token -- --help
  --owners         with --auth: accounts are for the callers who opened them
  --logs [NAMES]   show every log line of the functions, or of these: api,publisher
  --logs json      the same for all functions, as the JSON that they write
  --inspect NAMES  let a debugger attach to these functions: api, or api:9300,publisher (docs/debugging.md)
  --otlp URL       send traces, metrics and logs to this receiver: http://localhost:4318 (docs/tracing.md)
  --help           show this text`;

const options = {
  persist: { type: 'string' },
  http: { type: 'string', default: '3000' },
  aws: { type: 'string', default: '4566' },
  dynamodb: { type: 'string' },
  seed: { type: 'string' },
  settings: { type: 'string' },
  auth: { type: 'boolean', default: false },
  owners: { type: 'boolean', default: false },
  logs: { type: 'string' },
  inspect: { type: 'string' },
  otlp: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What an option is given without a value. The other options of type `string` need theirs. */
const valueWhenAlone: Readonly<Record<string, string>> = { '--logs': 'all', '--seed': 'demo' };

const neededValues: Readonly<Record<string, string>> = {
  '--persist': 'a folder, such as: --persist data',
  '--http': 'a port, such as: --http 3000',
  '--aws': 'a port, such as: --aws 4566',
  '--dynamodb': 'an engine or a URL, such as: --dynamodb java',
  '--inspect': 'the name of a function, such as: --inspect api',
  '--otlp': 'the URL of a receiver, such as: --otlp http://localhost:4318',
  '--settings': 'JSON, such as: --settings \'{"snapshotThreshold":10}\'',
};

const seedNeedsHttpApi =
  '--seed sends its data to the HTTP API, which the setting httpApi leaves out: start without one of them, or use --seed stress.';

/** @throws {UserError} for an unknown or repeated option, an invalid value, or options that exclude each other. */
export function parseStartArguments(args: readonly string[]): StartArguments {
  const { persist, http, aws, dynamodb, seed, settings, auth, owners, logs, inspect, otlp, help } =
    parse(args);
  if (owners && !auth) throw new UserError('--owners needs --auth: without tokens, all callers are one.');
  if (persist === '') throw needsValue('--persist');
  const stage = settings === undefined ? undefined : parseSettings(settings);
  const made = seed === undefined ? undefined : parseSeed(seed);
  if (made === 'demo' && stage?.['httpApi'] === 'off') throw new UserError(seedNeedsHttpApi);
  return {
    httpPort: parsePort('--http', http),
    awsPort: parsePort('--aws', aws),
    ...(persist !== undefined && { persistFolder: callerPath(persist) }),
    ...(dynamodb !== undefined && parseDynamodb(dynamodb)),
    ...(made !== undefined && { seed: made }),
    ...(stage !== undefined && { settings: stage }),
    auth,
    owners,
    logs: parseLogs(logs),
    inspect: inspect === undefined ? [] : parseInspect(inspect),
    ...(otlp !== undefined && { otlpUrl: parseOtlp(otlp) }),
    help,
  };
}

function parse(args: readonly string[]) {
  const complete = withValues(args);
  try {
    return parseArgs({ args: complete, options }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}. npm start -- --help lists the options.`);
  }
}

/**
 * Writes each value behind its option (`--logs=api`), and adds those that may be left out: `parseArgs` knows no optional values.
 * @throws {UserError} for an option that is repeated or whose value is missing.
 */
function withValues(args: readonly string[]): string[] {
  const complete: string[] = [];
  const rest = [...args];
  const seen = new Set<string>();
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    const [name = option] = option.split('=');
    if (name.startsWith('--') && seen.has(name)) throw new UserError(`${name} is given twice.`);
    seen.add(name);
    const takesValue = Object.hasOwn(neededValues, option) || Object.hasOwn(valueWhenAlone, option);
    const hasValue = rest[0] !== undefined && !rest[0].startsWith('-');
    const value = hasValue && takesValue ? rest.shift() : valueWhenAlone[option];
    if (takesValue && value === undefined) throw needsValue(option);
    complete.push(takesValue ? `${option}=${value}` : option);
  }
  return complete;
}

function needsValue(option: string): UserError {
  return new UserError(`${option} needs ${neededValues[option]}`);
}

/**
 * Without `--` before them, npm keeps the options for itself and passes them in the environment: the host would start as if they
 * were not there.
 * @throws {UserError} naming such an option.
 */
export function refuseOptionsGivenToNpm(env: Readonly<Record<string, string | undefined>>): void {
  const kept = Object.keys(options).find((name) => env[`npm_config_${name}`] !== undefined);
  if (kept === undefined) return;
  throw new UserError(
    `npm keeps --${kept} for itself. Write -- before the options: npm start -- --${kept} ...`,
  );
}

/** @throws {UserError} naming `option` when `text` is not a port. */
export function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(`${option} must be a port from 0 to 65535, not "${text}".`);
}
