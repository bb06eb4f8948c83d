import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheKey } from '../../tools/host/cached-folder.ts';
import { hashInputs } from '../../tools/host/template/inputs.ts';

const root = join(import.meta.dirname, '../..');

/** Contains one folder for each state of the sources. */
export const templatesFolder = join(root, '.cache/test-templates');

/** The name of the folder for the sources as they are now. */
export const templatesKey = (): string => hashInputs(root);

type TemplateJson = Record<string, unknown>;

let folder: string | undefined;

/**
 * A template that is made once for each state of the sources, and then read from a file, also by other spec files and other
 * runs. What `make` throws is not kept.
 * @param question what the template depends on besides the sources; must be JSON
 */
export function keptTemplate(question: readonly unknown[], make: () => TemplateJson): TemplateJson {
  folder ??= join(templatesFolder, templatesKey());
  // An undefined argument and a null one are different questions.
  const text = JSON.stringify(question, (_key, value) => (value === undefined ? '(undefined)' : value));
  const file = join(folder, `${cacheKey([text])}.json`);
  const kept = read(file);
  if (kept !== undefined) return kept;
  const made = make();
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(made));
  renameSync(draft, file);
  return made;
}

function read(file: string): TemplateJson | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TemplateJson;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
