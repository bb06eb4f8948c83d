import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Runs the command line of the simulation in a process of its own. `text`: everything that it printed. */
export async function simulate(...args: readonly string[]) {
  const child = spawn(process.execPath, ['test/simulation/main.ts', ...args], { cwd: root });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text: Buffer.concat(chunks).toString() };
}
