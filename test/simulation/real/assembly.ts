import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How long a message that a killed consumer had received stays hidden, in seconds. The app's own queues hide it for 3 to 30 minutes:
 * six times the timeout of the consumer. So a run would wait as long for its end.
 */
export const visibilitySeconds = 15;

/** Copies a synthesized app, with shorter visibility timeouts of its queues. Nothing else is changed. */
export async function copyForRun(assemblyFolder: string, to: string): Promise<void> {
  await cp(assemblyFolder, to, { recursive: true });
  const templates = (await readdir(to)).filter((name) => name.endsWith('.template.json'));
  for (const name of templates) {
    const path = join(to, name);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/("VisibilityTimeout": )\d+/g, `$1${visibilitySeconds}`));
  }
}
