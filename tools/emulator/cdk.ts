import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';
import { messageOf, UserError } from '../host/user-error.ts';
import { emulatorEnvironment } from './aws-environment.ts';

const root = join(import.meta.dirname, '../..');
const cli = join(root, 'node_modules/aws-cdk/bin/cdk');
/** Said here, these stand above what the caller's `~/.cdk.json` says. */
const ownOptions = ['--profile', '', '--toolkit-stack-name', 'CDKToolkit'];
const timeoutMs = 600_000;
const keptOutputChars = 3_000;

export interface CdkTarget {
  /** Where the emulator answers. */
  readonly endpoint: string;
  /** Given what the CLI prints; without, it goes where this process's own output goes. */
  readonly onOutput?: (text: string) => void;
  /** Stops the CLI when it is aborted; its reason is thrown once the CLI is gone. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the project's CDK CLI against an emulator, as `cdk(target, 'deploy', 'streamfold-local')`.
 * @throws {UserError} when it fails, and the signal's reason when it was stopped.
 */
export async function cdk(
  { endpoint, onOutput, signal }: CdkTarget,
  ...args: readonly string[]
): Promise<void> {
  signal?.throwIfAborted();
  const environment = emulatorEnvironment(endpoint);
  // The app is synthesized by the Node that runs this, by way of npm.
  environment['PATH'] = [dirname(process.execPath), environment['PATH']].join(delimiter);
  environment['CDK_DISABLE_CLI_TELEMETRY'] = 'true';
  const child = spawn(process.execPath, [cli, ...args, '--no-notices', ...ownOptions], {
    cwd: root,
    env: environment,
    stdio: [
      'ignore',
      ...(onOutput === undefined ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const)),
    ],
    timeout: timeoutMs,
    // A group of their own: the CLI leaves the app that it runs behind when it is stopped.
    detached: true,
  });
  const stop = () => stopGroup(child.pid);
  signal?.addEventListener('abort', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      onOutput?.(String(chunk));
      output = `${output}${chunk}`.slice(-keptOutputChars);
    });
  }
  const [exitCode] = await once(child, 'close').catch((error) => {
    throw new UserError(`The CDK CLI did not start: ${messageOf(error)}`);
  });
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (exitCode === 0) return;
  const reason = output === '' ? 'what it says is above' : `it said:\n${output.trim()}`;
  throw new UserError(`"cdk ${args[0]}" failed (exit code ${exitCode}); ${reason}`);
}

function stopGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // Else it is gone already.
  }
}
