import { parseTraceparent, streamPattern } from '../../lambdas/kernel/index.ts';
import { UserError } from '../host/user-error.ts';

/** What a trace is looked for by. */
export type TraceQuery =
  | { readonly by: 'correlation'; readonly id: string }
  | { readonly by: 'trace'; readonly id: string }
  | { readonly by: 'commit'; readonly id: string };

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const traceId = /^[\da-f]{32}$/i;

/** @throws {UserError} for text of no known form. It names the forms. */
export function parseQuery(text: string): TraceQuery {
  const parent = parseTraceparent(text);
  if (parent !== undefined) return { by: 'trace', id: parent.traceId };
  if (uuid.test(text)) return { by: 'correlation', id: text };
  if (traceId.test(text)) return { by: 'trace', id: text.toLowerCase() };
  const [, stream = '', version] = /^(.+)@([1-9]\d{0,15})$/.exec(text) ?? [];
  if (version !== undefined && streamPattern.test(stream)) return { by: 'commit', id: text };
  throw new UserError(
    `"${text}" is neither a correlation id (0b8f6f0e-3c1d-4c55-9d43-6b6a3f0c2a17), nor a trace id (32 hexadecimal digits), nor a stream with ` +
      'a version (ledger/first@12, with a tenant ledger/acme/first@12).',
  );
}

/** The query as a person reads it. */
export function queryText({ by, id }: TraceQuery): string {
  return by === 'commit' ? id : `${by} id ${id}`;
}
