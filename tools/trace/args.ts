import { parseArgs } from 'node:util';
import { parsePort } from '../host/args.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { parseQuery, type TraceQuery } from './query.ts';

export const usage = `Prints a trace of the local host: each step from the request to the read models, with its time.

npm run -s trace -- ID [options]

ID is one of:
  a correlation id   the header x-correlation-id of the request, or of its answer: 0b8f6f0e-3c1d-4c55-9d43-6b6a3f0c2a17
  a trace id         32 hexadecimal digits, or a whole traceparent; log lines have it as trace_id
  a commit           its stream and the version of its first event: ledger/first@12

  --http PORT   the host with this port, if several run
  --from URL    the receiver of traces that is asked, instead of that of a running host
  --help        show this text

Exit code: 0 printed, 1 otherwise.`;

/** The parsed command line. */
export type TraceArguments =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly query: TraceQuery;
      /** A port of the host. Undefined: the one that runs. */
      readonly port?: number;
      readonly from?: string;
    };

/** @throws {UserError} for an unknown option, an invalid value, or an id of no known form. */
export function parseTraceArguments(args: readonly string[]): TraceArguments {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { help: true };
  const [id, ...others] = positionals;
  if (id === undefined) throw new UserError('Which trace? npm run -s trace -- --help says how to name one.');
  if (others.length > 0) throw new UserError(`One id at a time, not "${positionals.join(' ')}".`);
  if (values.http !== undefined && values.from !== undefined) {
    throw new UserError('--http and --from both say where to ask: use one of them.');
  }
  return {
    help: false,
    query: parseQuery(id),
    ...(values.http !== undefined && { port: parsePort('--http', values.http) }),
    ...(values.from !== undefined && { from: parseUrl(values.from) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        http: { type: 'string' },
        from: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UserError(`${messageOf(error).split('. ')[0]}. npm run -s trace -- --help lists the options.`);
  }
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new UserError(`--from must be a URL, such as http://localhost:4318, not "${text}".`);
}
