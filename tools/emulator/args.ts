import { parseArgs } from 'node:util';
import { parsePort } from '../host/args.ts';
import { messageOf, UserError } from '../host/user-error.ts';

/** Where emulators answer by default. */
export const usualEndpoint = 'http://localhost:4566';

export const usage = `Runs an emulator of AWS, and the app on it.

npm run emulator -- [--port 4566] [--logs]
    start MiniStack on this machine; needs Python 3.10 or newer (0: any free port; --logs: show its log)
npm run deploy:local -- [--stage local] [--settings JSON] [--endpoint http://localhost:4566]
    deploy the app to the emulator at the endpoint, or update it there; without an HTTP API where the emulator
    refuses API Gateway V2 (--settings '{"httpApi":"on"}' or "off" chooses)
npm run destroy:local -- [--stage local] [--settings JSON] [--endpoint http://localhost:4566]
    remove the app from the emulator`;

/** The parsed command line. `showsLogs`: print the log of MiniStack. */
export type EmulatorArguments =
  | { readonly command: 'help' }
  | { readonly command: 'start'; readonly port: number; readonly showsLogs: boolean }
  | {
      readonly command: 'deploy' | 'destroy';
      readonly stage: string;
      readonly endpoint: string;
      readonly settings?: string;
    };

/** @throws {UserError} for an unknown option or an invalid value. */
export function parseEmulatorArguments([command, ...args]: readonly string[]): EmulatorArguments {
  if (command === 'start') {
    const { help, port, logs } = parse(args, {
      help: { type: 'boolean', short: 'h' },
      port: { type: 'string', default: '4566' },
      logs: { type: 'boolean', default: false },
    });
    return help ? { command: 'help' } : { command, port: parsePort('--port', port), showsLogs: logs };
  }
  if (command === 'deploy' || command === 'destroy') {
    const { help, stage, settings, endpoint } = parse(args, {
      help: { type: 'boolean', short: 'h' },
      stage: { type: 'string', default: 'local' },
      settings: { type: 'string' },
      endpoint: { type: 'string', default: usualEndpoint },
    });
    if (help) return { command: 'help' };
    const withoutSlash = endpoint.replace(/\/+$/, '');
    return { command, stage, endpoint: withoutSlash, ...(settings !== undefined && { settings }) };
  }
  return { command: 'help' };
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}.\n\n${usage}`);
  }
}
