import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextEntry } from '../../schema/contexts.ts';
import { reservedContextNames } from '../../schema/names.ts';

/** Mistakes in the catalogue. The message is for the person at the command line: one sentence per mistake. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';
}

type Catalogue = Readonly<Record<string, Pick<ContextEntry, 'lists' | 'source' | 'feeds'>>>;

/** A context's name is part of the names of functions and resources. */
const contextNamePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** A list's name is the name of an index and the start of two attribute names. DynamoDB requires at least 3 characters. */
const listNamePattern = /^[a-z][A-Za-z0-9]{2,}$/;

/**
 * Checks that every catalogue entry has valid names and the files that it needs, and that every folder in
 * `lambdas/contexts` has an entry.
 * @param root the folder of the project
 * @throws {CatalogueError} with all the mistakes, one per line
 */
export function checkCatalogue(catalogue: Catalogue, root: string): void {
  const mistakes = [
    ...Object.entries(catalogue).flatMap(([name, entry]) => [
      ...nameMistakes(name, entry),
      ...missingFiles(name, entry, root),
      ...rulesWithoutFeed(name, entry, root),
    ]),
    ...foldersWithoutEntry(catalogue, root),
  ];
  if (mistakes.length > 0) throw new CatalogueError(mistakes.join('\n'));
}

function nameMistakes(name: string, { lists }: Catalogue[string]): string[] {
  const badLists = lists.filter((list) => !listNamePattern.test(list));
  const repeated = new Set(lists.filter((list, index) => lists.indexOf(list) !== index));
  return [
    ...(contextNamePattern.test(name)
      ? []
      : [
          `schema/contexts.ts: "${name}" cannot name a context. Use lower-case letters, digits and "-", and begin with a letter.`,
        ]),
    ...(reservedContextNames.includes(name)
      ? [
          `schema/contexts.ts: "${name}" cannot name a context: the system itself uses that name. Choose another name.`,
        ]
      : []),
    ...badLists.map(
      (list) =>
        `schema/contexts.ts: "${list}" cannot name a list of ${name}. Use at least 3 letters and digits, and begin with a lower-case letter.`,
    ),
    ...[...repeated].map(
      (list) =>
        `schema/contexts.ts: ${name} has the list "${list}" twice. Remove one, or rename the newer one.`,
    ),
  ];
}

function missingFiles(name: string, { source, feeds = {} }: Catalogue[string], root: string): string[] {
  const folder = `lambdas/contexts/${name}`;
  if (!existsSync(join(root, folder))) return [missing(name, `the folder ${folder}`)];
  const files =
    source.kind === 'stream'
      ? [`${folder}/context.ts`, `${folder}/read-model/projection.ts`]
      : [`${folder}/read-model/projection.ts`, `lambdas/functions/${name}-projector.ts`];
  if (Object.values(feeds).includes('rules')) files.push(`${folder}/todo-rules.ts`);
  return files.filter((file) => !existsSync(join(root, file))).map((file) => missing(name, file));
}

function rulesWithoutFeed(name: string, { feeds = {} }: Catalogue[string], root: string): string[] {
  const file = `lambdas/contexts/${name}/todo-rules.ts`;
  if (feeds.todo === 'rules' || !existsSync(join(root, file))) return [];
  return [
    `${file} has no effect: add feeds: { todo: 'rules' } to "${name}" in schema/contexts.ts, or remove the file.`,
  ];
}

function missing(name: string, what: string): string {
  return `schema/contexts.ts lists the context "${name}", but ${what} does not exist. Add it, or remove the entry.`;
}

function foldersWithoutEntry(catalogue: Catalogue, root: string): string[] {
  return readdirSync(join(root, 'lambdas/contexts'), { withFileTypes: true })
    .filter((item) => item.isDirectory() && !Object.hasOwn(catalogue, item.name))
    .map(
      ({ name }) =>
        `lambdas/contexts/${name} has no entry in schema/contexts.ts. Add an entry "${name}", or remove the folder.`,
    );
}
