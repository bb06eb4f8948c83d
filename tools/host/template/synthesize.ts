import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addLocalMaps } from '../../bundle/maps/local-maps.ts';
import { region } from '../aws-json.ts';
import { cachedFolder, cacheKey } from '../cached-folder.ts';
import { UserError } from '../user-error.ts';
import { hashInputs } from './inputs.ts';

const run = promisify(execFile);
const appScript = 'bin/app.ts';
const synthesisTimeoutMs = 180_000;
/** More than one, because other running hosts may use older ones. */
const keptAssemblies = 5;

/**
 * The folder of the synthesized app for stage `local` with these settings. If its sources have changed, `onMiss` is called and
 * the app is synthesized.
 * @throws {UserError} with the output of the app when it does not synthesize.
 */
export async function synthesize(root: string, onMiss: () => void, settings: object = {}): Promise<string> {
  return cachedFolder({
    cacheFolder: join(root, '.cache/local'),
    key: cacheKey([hashInputs(root), JSON.stringify(settings)]),
    marker: 'manifest.json',
    kept: keptAssemblies,
    make: async (folder) => {
      onMiss();
      // The bundles are CommonJS, as on Lambda; the project around them is not.
      await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
      await runScript(root, 'tools/bundle/bundle.ts', {});
      await runScript(root, appScript, {
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ stage: 'local', settings }),
        CDK_DEFAULT_REGION: region,
      });
      addLocalMaps(folder);
    },
  });
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
    // Node prints its own source line before the message, and the stack after it.
    // The app refuses settings by sentences without a stack.
    if (stderr && script === appScript && !/^ {4}at /m.test(stderr)) {
      throw new UserError(stderr.trim().replaceAll('-c settings=', '--settings '));
    }
    const reason = (stderr || message).split(/^\S*node_modules\/.*$|^ {4}at /m)[0] ?? message;
    throw new UserError(`${script} failed, so the app cannot be hosted:\n${reason.trim()}`);
  }
}
