import { parseArgs } from 'node:util';
import { scopeNames } from '../../../schema/scopes.ts';
import { parsePort } from '../args.ts';
import { messageOf, UserError } from '../user-error.ts';
import { type TokenRequest, tokenMaxMinutes } from './issuer.ts';

export const tokenUsage = `Prints a token for the host that runs with --auth.

npm run -s token -- --subject NAME [options]

  --subject NAME    the caller
  --scopes LIST     what the caller may do, with commas: ledger:read,ledger:write (all; see docs/scopes.md)
  --tenant NAME     the caller's tenant (the default one)
  --minutes N       how long the token is valid, 1 to ${tokenMaxMinutes} (60)
  --http PORT       port of the host's HTTP routes (3000)
  --help            show this text

Send it as "Authorization: Bearer ...".`;

/** The parsed command line of `npm run token`. */
export interface TokenArguments extends TokenRequest {
  readonly httpPort: number;
}

/** @throws {UserError} for an unknown option or scope, or an invalid value. */
export function parseTokenArguments(args: readonly string[]): TokenArguments | 'help' {
  const { help, subject, tenant, scopes, minutes, http } = parse(args);
  if (help) return 'help';
  if (subject === undefined || subject === '') throw new UserError('--subject needs the name of the caller.');
  return {
    subject,
    ...(tenant !== undefined && { tenant }),
    scopes: scopes === undefined ? scopeNames : scopesOf(scopes),
    minutes: Number(minutes),
    httpPort: parsePort('--http', http),
  };
}

/** A scope that does not exist is a mistake here; for a test of refusals, leave a scope out. */
function scopesOf(text: string): string[] {
  const scopes = text.split(',').filter((scope) => scope !== '');
  const known: readonly string[] = scopeNames;
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown === undefined) return scopes;
  throw new UserError(`There is no scope "${unknown}": the scopes are ${known.join(', ')}.`);
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        subject: text,
        tenant: text,
        scopes: text,
        minutes: { ...text, default: '60' },
        http: { ...text, default: '3000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}. npm run -s token -- --help lists the options.`);
  }
}
