import { existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { bundleIdOf } from '../../schema/bundle-id.ts';
import { callerPath } from '../host/caller-folder.ts';
import { runCommand } from '../host/command.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { readStacks } from './read-stack.ts';

const usage = `Shows the stack of a deployed function with the lines of its TypeScript sources.

npm run -s stack -- [FILE] [--bundle ID]

The text of the file, or of the standard input, is a stack, log lines, or the answer to an invocation.

  --bundle ID   the bundle that made the stack, if the text does not say it; or the path of the deployed index.js
  --help        show this text`;

async function main(): Promise<void> {
  const { file, bundle, help } = parse(process.argv.slice(2));
  if (help) return console.log(usage);
  if (file === undefined && process.stdin.isTTY) throw new UserError(usage);
  const input = file === undefined ? await text(process.stdin) : contentsOf(file).toString();
  const { texts, problems } = readStacks(input, bundle === undefined ? {} : { bundle: idOf(bundle) });
  if (texts.length > 0) console.log(texts.join('\n\n'));
  if (problems.length > 0) throw new UserError(problems.join('\n'));
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { bundle: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (positionals.length > 1) throw new Error('Only one file can be read');
    return { ...values, file: positionals[0] };
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}. npm run -s stack -- --help shows the options.`);
  }
}

function idOf(bundle: string): string {
  if (/^[0-9a-f]{16}$/.test(bundle)) return bundle;
  if (existsSync(callerPath(bundle))) return bundleIdOf(contentsOf(bundle));
  throw new UserError(
    `--bundle must be an id of 16 hexadecimal digits, or the path of an index.js, not "${bundle}".`,
  );
}

function contentsOf(path: string): Buffer {
  try {
    return readFileSync(callerPath(path));
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

await runCommand(main);
