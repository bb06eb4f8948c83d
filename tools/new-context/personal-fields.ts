import { UserError } from '../host/user-error.ts';
import type { ContextNames } from './names.ts';

/** The text after the last row of the table in `docs/personal-data.md`. */
const endOfTable = '\n\n## What has no envelope';

/**
 * The table of personal fields with a row for the field of a new context, the last one.
 * @throws {UserError} when the end of the table is not found.
 */
export function withFields(document: string, { pascal }: ContextNames): string {
  const end = document.indexOf(endOfTable);
  if (end === -1) {
    throw new UserError('The end of the table in docs/personal-data.md was not found. Add the row by hand.');
  }
  const row = `\n| \`${pascal}:Opened\` | \`title\` | no | An example. Decide again when you change the context. |`;
  return document.slice(0, end) + row + document.slice(end);
}
