import { parseArgs } from 'node:util';
import { callerPath } from '../../../tools/host/caller-folder.ts';
import { runCommand } from '../../../tools/host/command.ts';
import { messageOf, UserError } from '../../../tools/host/user-error.ts';
import { reportLines } from './report.ts';
import { runReal } from './run-real.ts';

const usage = `Kills the real app again and again during traffic, and checks what is left.

node test/simulation/real/main.ts [options]

  --restarts N   how often it is killed and started again (10)
  --seed N       what people ask for, and when it is killed (1)
  --record FILE  keep what happened in this file, as JSON
  --keep         keep the data of the host
  --help         show this text`;

async function main(): Promise<void> {
  const { restarts, seed, record, keep, help } = parsed(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  const options = {
    restarts: wholeNumber('--restarts', restarts),
    seed: wholeNumber('--seed', seed),
    keep,
    ...(record !== undefined && { recordFile: callerPath(record) }),
  };
  const report = await runReal({ ...options, say: (line) => console.log(line) });
  for (const line of reportLines(report)) console.log(line);
  if (report.lost.length + report.doubled.length + report.findings.length > 0) process.exitCode = 1;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        restarts: { type: 'string', default: '10' },
        seed: { type: 'string', default: '1' },
        record: { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(messageOf(error));
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UserError(`${option} must be a whole number of 0 or more, not "${text}".`);
}

await runCommand(main);
