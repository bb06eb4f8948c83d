import { parseArgs } from 'node:util';
import { messageOf, UserError } from './user-error.ts';

export interface StartArguments {
  httpPort: number;
  awsPort: number;
  persistFolder?: string;
  dynamodbUrl?: string;
  showAllLogs: boolean;
  help: boolean;
}

export const usage = `Runs the whole app on this machine.

npm start -- [options]

  --persist DIR    keep the data in this folder, across restarts
  --http PORT      where HTTP routes answer (3000; 0: any free port)
  --aws PORT       where the AWS CLI and SDKs are answered (4566; 0: any free port)
  --dynamodb URL   use a DynamoDB that runs already, as DynamoDB Local
  --logs           show all that the functions log, not just warnings and errors
  --help           show this`;

/** @throws {UserError} for an option or a value that cannot be used. */
export function parseStartArguments(args: readonly string[]): StartArguments {
  const { persist, http, aws, dynamodb, logs, help } = parse(args);
  if (persist === '') throw new UserError('--persist takes a folder.');
  return {
    httpPort: parsePort('--http', http),
    awsPort: parsePort('--aws', aws),
    ...(persist !== undefined && { persistFolder: persist }),
    ...(dynamodb !== undefined && { dynamodbUrl: dynamodb }),
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
        logs: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}. npm start -- --help tells the options.`);
  }
}

/** @throws {UserError} naming `option` for what is no port. */
export function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(`${option} takes a port from 0 to 65535, not "${text}".`);
}
