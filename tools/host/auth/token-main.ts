import { runCommand } from '../command.ts';
import { readKey, TokenIssuer } from './issuer.ts';
import { keyOfHost } from './running-hosts.ts';
import { parseTokenArguments, tokenUsage } from './token-args.ts';

await runCommand(async () => {
  const request = parseTokenArguments(process.argv.slice(2));
  if (request === 'help') return console.log(tokenUsage);
  const key = await keyOfHost(request.httpPort);
  console.log(new TokenIssuer(readKey(key, 'The key of the host')).issue(request, new Date()));
});
