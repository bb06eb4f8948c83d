import { join } from 'node:path';
import { runCommand } from '../host/command.ts';
import { paintFor } from '../host/terminal-text.ts';
import { parseTraceArguments, usage } from './args.ts';
import { printedTraces } from './printed-traces.ts';
import { receiverUrl } from './receiver-url.ts';

const projectRoot = join(import.meta.dirname, '../..');

/** `npm run trace`: prints the traces of a request or a commit. */
await runCommand(async () => {
  const args = parseTraceArguments(process.argv.slice(2));
  if (args.help) return console.log(usage);
  const { stdout, env } = process;
  const url = args.from ?? receiverUrl(projectRoot, args.port);
  // Some terminals say that their width is 0.
  const look = { paint: paintFor(stdout, env), columns: (stdout.isTTY && stdout.columns) || undefined };
  console.log((await printedTraces(url, args.query, look)).join('\n'));
});
