import { UserError } from '../host/user-error.ts';
import type { ContextNames } from './names.ts';

/** The text after the last entry in `schema/contexts.ts`. */
const endOfEntries = '\n} as const satisfies ';

/**
 * The text of the catalogue with an entry for a new context, the last one.
 * @throws {UserError} when the catalogue has an entry of that name, or its end is not found.
 */
export function withEntry(catalogue: string, { name, plural }: ContextNames): string {
  const key = name.includes('-') ? `'${name}'` : name;
  if (new RegExp(`^  '?${name}'?: \\{$`, 'm').test(catalogue)) {
    throw new UserError(`schema/contexts.ts has an entry "${name}" already. Choose another name.`);
  }
  const end = catalogue.indexOf(endOfEntries);
  if (end === -1) {
    throw new UserError('The end of the entries in schema/contexts.ts was not found. Add the entry by hand.');
  }
  const users = plural.replaceAll('-', ' ');
  const entry = `
  ${key}: {
    lists: ['byOpening'],
    contents: 'rows',
    userImpact: '${users.charAt(0).toUpperCase()}${users.slice(1)}, as queries show them, are out of date',
    source: { kind: 'stream', batchSize: 500 },
  },`;
  return catalogue.slice(0, end) + entry + catalogue.slice(end);
}
