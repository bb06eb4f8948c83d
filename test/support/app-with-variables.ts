import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { synthesize } from '../../tools/host/template/synthesize.ts';

const templateFile = 'streamfold-local.template.json';

interface Template {
  readonly Resources: Readonly<
    Record<string, { Type: string; Properties: { Environment?: { Variables: Record<string, string> } } }>
  >;
}

/** The synthesized app in a folder, with more variables for each function. */
export async function appWithVariables(
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  await cp(await synthesize(join(import.meta.dirname, '../..')), folder, { recursive: true });
  const file = join(folder, templateFile);
  const template = JSON.parse(await readFile(file, 'utf8')) as Template;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::Lambda::Function') Object.assign(Properties.Environment?.Variables ?? {}, variables);
  }
  await writeFile(file, JSON.stringify(template));
}
