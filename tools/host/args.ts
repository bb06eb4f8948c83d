import { parseArgs } from 'node:util';
import { parseSeed } from './seed/names.ts';
import { parseSettings, type StageSettings } from './settings.ts';
import { messageOf, UserError } from './user-error.ts';

/** The parsed command line of `npm start`. */
export interface StartArguments {
  httpPort: number;
  awsPort: number;
  persistFolder?: string;
  dynamodbUrl?: string;
  /** The data to make. */
  seed?: ReturnType<typeof parseSeed>;
  /** Settings of the stage that differ from those of `local`. */
  settings?: StageSettings;
  auth: boolean;
  owners: boolean;
  showAllLogs: boolean;
  help: boolean;
}

export const usage = `Runs the whole app on this machine.

npm start -- [options]

  --persist DIR    keep the data in this folder across restarts
  --http PORT      port of the HTTP routes (3000; 0: any free port)
  --aws PORT       port for the AWS CLI and SDKs (4566; 0: any free port)
  --dynamodb URL   use a running DynamoDB, such as DynamoDB Local
  --seed stress    make accounts of 10, 100, 1,000, 10,000 and 100,000 events; with --persist, once
  --settings JSON  settings of the stage, such as '{"cors":{"origins":["http://localhost:5173"]}}'
  --auth           callers need a token: npm run -s token -- --help
  --owners         with --auth: accounts are for the callers who opened them
  --logs           show every log line of the functions, not only warnings and errors
  --help           show this text`;

/** @throws {UserError} for an unknown option or an invalid value. */
export function parseStartArguments(args: readonly string[]): StartArguments {
  const { persist, http, aws, dynamodb, seed, settings, auth, owners, logs, help } = parse(args);
  if (owners && !auth) throw new UserError('--owners needs --auth: without tokens, all callers are one.');
  if (persist === '') throw new UserError('--persist needs a folder.');
  return {
    httpPort: parsePort('--http', http),
    awsPort: parsePort('--aws', aws),
    ...(persist !== undefined && { persistFolder: persist }),
    ...(dynamodb !== undefined && { dynamodbUrl: dynamodb }),
    ...(seed !== undefined && { seed: parseSeed(seed) }),
    ...(settings !== undefined && { settings: parseSettings(settings) }),
    auth,
    owners,
    showAllLogs: logs,
    help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        persist: { type: 'string' },
        http: { type: 'string', default: '3000' },
        aws: { type: 'string', default: '4566' },
        dynamodb: { type: 'string' },
        seed: { type: 'string' },
        settings: { type: 'string' },
        auth: { type: 'boolean', default: false },
        owners: { type: 'boolean', default: false },
        logs: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}. npm start -- --help lists the options.`);
  }
}

/** @throws {UserError} naming `option` when `text` is not a port. */
export function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(`${option} must be a port from 0 to 65535, not "${text}".`);
}
