import { parseArgs } from 'node:util';
import { callerPath } from '../tools/host/caller-folder.ts';
import { messageOf, UserError } from '../tools/host/user-error.ts';
import { type GroupName, groupNames } from './measure/row.ts';

export interface BenchOptions {
  /** Undefined: the bench starts dynoxide. */
  readonly dynamodbUrl: string | undefined;
  readonly groups: readonly GroupName[];
  readonly isQuick: boolean;
  /** The whole bench runs this many times, each with an empty engine. */
  readonly runs: number;
  readonly withCastore: boolean;
  /** Where the JSON goes. Undefined: a new file in bench/results. */
  readonly jsonFile: string | undefined;
  /** Replace the table in docs/performance.md. */
  readonly writesDocs: boolean;
}

export const usage = `Usage: npm run bench -- [options]

Measures reads, appends, encryption and rebuilds on one engine, beside Castore 2.4.2 and beside bare calls, and what
tracing costs, and prints tables.
A whole run takes about half an hour and 2 GB of disk. Close other programs first.

  --only NAMES       parts to run: ${groupNames.join(', ')}, or several with commas (all)
  --quick            shorter streams and fewer repetitions: about three minutes
  --runs N           repeat everything, 1 to 9 times, and join the results (1)
  --dynamodb URL     use this empty DynamoDB instead of starting dynoxide
  --without-castore  install and measure nothing else
  --json FILE        where to write the results (a new file in bench/results)
  --docs             also replace the table in docs/performance.md
  --help             print this`;

const definitions = {
  only: { type: 'string' },
  quick: { type: 'boolean' },
  runs: { type: 'string' },
  dynamodb: { type: 'string' },
  'without-castore': { type: 'boolean' },
  json: { type: 'string' },
  docs: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line; `help` if that is asked for. Throws a {@link UserError} that names the mistake. */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parsed(args);
  if (values.help) return 'help';
  const options = {
    dynamodbUrl: values.dynamodb,
    groups: groupsOf(values.only),
    isQuick: values.quick ?? false,
    runs: runsOf(values.runs ?? '1'),
    withCastore: !values['without-castore'],
    jsonFile: values.json === undefined ? undefined : callerPath(values.json),
    writesDocs: values.docs ?? false,
  };
  const isWhole = !options.isQuick && options.withCastore && options.groups.length === groupNames.length;
  if (options.writesDocs && !isWhole) {
    throw new UserError('--docs needs a whole run: leave out --quick, --only and --without-castore.');
  }
  return options;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: definitions, strict: true }).values;
  } catch (error) {
    const [sentence = ''] = messageOf(error).split(/\.? To specify|\n/, 1);
    throw new UserError(`${sentence}. See --help.`);
  }
}

function groupsOf(text: string | undefined): readonly GroupName[] {
  if (text === undefined) return groupNames;
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !groupNames.some((known) => known === name));
  if (unknown === undefined) return groupNames.filter((name) => asked.includes(name));
  throw new UserError(`--only must be one or more of ${groupNames.join(', ')}, not "${unknown}".`);
}

function runsOf(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text);
  throw new UserError(`--runs must be a whole number from 1 to 9, not "${text}".`);
}
