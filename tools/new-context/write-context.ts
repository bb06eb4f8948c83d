import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../host/user-error.ts';
import { withEntry } from './catalogue.ts';
import { filled, namesOf } from './names.ts';
import { withFields } from './personal-fields.ts';

const templateFolder = join(import.meta.dirname, 'template');
const templateSuffix = '.template';

/**
 * Writes a new context below `root`: its folder, its example requests in the request collection, its entry in the
 * catalogue and its row in the table of personal fields. Writes nothing if one of the first three exists.
 * @returns the paths of what was written or changed, from the root.
 * @throws {UserError} when the name is invalid or in use; the message says what to do.
 */
export function writeContext(root: string, name: string | undefined): string[] {
  const names = namesOf(name);
  const cataloguePath = 'schema/contexts.ts';
  const catalogue = withEntry(readFileSync(join(root, cataloguePath), 'utf8'), names);
  const fieldsPath = 'docs/personal-data.md';
  const fields = withFields(readFileSync(join(root, fieldsPath), 'utf8'), names);
  const folders = { lambdas: `lambdas/contexts/${names.name}`, bruno: `bruno/${names.name}` };
  for (const folder of Object.values(folders)) {
    if (existsSync(join(root, folder))) {
      throw new UserError(`${folder} exists already. Choose another name.`);
    }
  }
  requireFreePath(root, names.plural);
  const seq = nextPosition(root);
  const written = globSync(`**/*${templateSuffix}`, { cwd: templateFolder })
    .sort()
    .map((template) => {
      const path = template.slice(0, -templateSuffix.length).replaceAll('__name__', names.name);
      const target = path.startsWith('bruno/')
        ? path.replace('bruno', folders.bruno)
        : join(folders.lambdas, path);
      const text = filled(readFileSync(join(templateFolder, template), 'utf8'), names, seq);
      mkdirSync(dirname(join(root, target)), { recursive: true });
      writeFileSync(join(root, target), text);
      return target;
    });
  writeFileSync(join(root, cataloguePath), catalogue);
  writeFileSync(join(root, fieldsPath), fields);
  return [...written, cataloguePath, fieldsPath];
}

/** Throws if a context has routes with this path: the API refuses two routes with one path. */
function requireFreePath(root: string, plural: string): void {
  for (const file of globSync('lambdas/contexts/*/api/*.ts', { cwd: root })) {
    if (!readFileSync(join(root, file), 'utf8').includes(`'/${plural}'`)) continue;
    throw new UserError(`${file} has the path /${plural} already. Choose another name.`);
  }
}

/** The position of new example requests in the request collection: the last. */
function nextPosition(root: string): number {
  const folders = readdirSync(join(root, 'bruno'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const places = folders.flatMap(({ name }) => {
    const file = join(root, 'bruno', name, 'folder.bru');
    return existsSync(file) ? [Number(/^ {2}seq: (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 0)] : [];
  });
  return Math.max(0, ...places) + 1;
}
