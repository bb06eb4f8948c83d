import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../user-error.ts';
import { hashInputs } from './inputs.ts';

const run = promisify(execFile);
const synthesisTimeoutMs = 180_000;
/** Other copies may still run from an older one. */
const keptAssemblies = 5;

/**
 * The folder of the synthesized app for stage `local`: from the cache when nothing it is made from has changed.
 * @throws {UserError} with the output of the app when it does not synthesize.
 */
export async function synthesize(root: string, onMiss: () => void): Promise<string> {
  const cache = join(root, '.cache/local');
  const folder = join(cache, hashInputs(root));
  if (existsSync(join(folder, 'manifest.json'))) {
    const now = new Date();
    await utimes(folder, now, now);
    return folder;
  }
  onMiss();
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    // The bundles are CommonJS, as on Lambda, whatever the project around them is.
    await writeFile(join(draft, 'package.json'), '{"type":"commonjs"}\n');
    await runScript(root, 'tools/bundle/bundle.ts', {});
    await runScript(root, 'bin/app.ts', {
      CDK_OUTDIR: draft,
      CDK_CONTEXT_JSON: JSON.stringify({ stage: 'local' }),
      CDK_DEFAULT_REGION: 'us-east-1',
    });
    await moveInPlace(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await prune(cache);
  return folder;
}

async function runScript(root: string, script: string, environment: Record<string, string>): Promise<void> {
  try {
    await run(process.execPath, [script], {
      cwd: root,
      env: { ...process.env, ...environment },
      timeout: synthesisTimeoutMs,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    // What Node prints before and after the message is about its own insides.
    const reason = (stderr || message).split(/^\S*node_modules\/.*$|^ {4}at /m)[0] ?? message;
    throw new UserError(`${script} failed, so there is nothing to host:\n${reason.trim()}`);
  }
}

/** Two copies that start together may both have synthesized; the first one's result stays. */
async function moveInPlace(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'manifest.json'))) throw error;
  }
}

async function prune(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, usedAtMs: (await stat(join(cache, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => b.usedAtMs - a.usedAtMs).slice(keptAssemblies);
  await Promise.all(old.map(({ name }) => rm(join(cache, name), { recursive: true, force: true })));
}
