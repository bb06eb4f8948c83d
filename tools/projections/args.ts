import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../host/user-error.ts';

/** Where the local host answers. */
export const localEndpoint = 'http://localhost:4566';

/** Maximum number of segments: DynamoDB accepts a million, but each has a request under way. */
const segmentsMax = 64;

export const usage = `Looks after the event log and what is derived from it.

npm run projections -- verify-log [options]
    check that every commit in the log is the one that was appended, and that none is missing

  --stage NAME      a deployed stage, with the AWS credentials and the region of the environment (default: the local host)
  --endpoint URL    where AWS's APIs answer (local host: ${localEndpoint}; a stage: AWS)
  --segments N      parts of the log that are read at the same time (4)
  --help            show this text

Exit code: 0 the log is what was appended, 1 it is not, 2 the check could not be made.`;

/** The parsed command line. */
export type ProjectionsArguments =
  | { readonly command: 'help' }
  | {
      readonly command: 'verify-log';
      readonly stage: string;
      /** Undefined: AWS. */
      readonly endpoint: string | undefined;
      readonly segments: number;
    };

/** @throws {UserError} for an unknown command or option, or an invalid value. */
export function parseProjectionsArguments(args: readonly string[]): ProjectionsArguments {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  const [command, ...others] = positionals;
  if (command !== 'verify-log' || others.length > 0) {
    throw new UserError(`Unknown command "${positionals.join(' ')}".\n\n${usage}`);
  }
  const { stage, endpoint } = values;
  return {
    command,
    stage: stage ?? 'local',
    endpoint: endpoint ?? (stage === undefined ? localEndpoint : undefined),
    segments: parseSegments(values.segments),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stage: { type: 'string' },
        endpoint: { type: 'string' },
        segments: { type: 'string', default: '4' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}.\n\n${usage}`);
  }
}

function parseSegments(text: string): number {
  const segments = Number(text);
  if (/^\d+$/.test(text) && segments >= 1 && segments <= segmentsMax) return segments;
  throw new UserError(`--segments must be a whole number from 1 to ${segmentsMax}, not "${text}".`);
}
