import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';
import { messageOf, UserError } from '../host/user-error.ts';
import { emulatorEnvironment } from './aws-environment.ts';

const root = join(import.meta.dirname, '../..');
const cli = join(root, 'node_modules/aws-cdk/bin/cdk');
/** Options that override the caller's `~/.cdk.json`. */
const ownOptions = ['--profile', '', '--toolkit-stack-name', 'CDKToolkit'];
const timeoutMs = 600_000;
const keptOutputChars = 3_000;

/** The emulator that the CDK CLI calls. */
export interface CdkTarget {
  /** Where the emulator answers. */
  readonly endpoint: string;
  /** Called with the CLI's output. Without it, the output goes where this process's output goes. */
  readonly onOutput?: (text: string) => void;
  /** Stops the CLI when it aborts. Its reason is thrown when the CLI has ended. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the project's CDK CLI against an emulator, for example `cdk(target, 'deploy', 'streamfold-local')`.
 * @throws {UserError} when it fails; the signal's reason when it was stopped.
 */
export async function cdk(
  { endpoint, onOutput, signal }: CdkTarget,
  ...args: readonly string[]
): Promise<void> {
  signal?.throwIfAborted();
  const environment = emulatorEnvironment(endpoint);
  // npm, which synthesizes the app, must find the Node that runs this.
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
    // A process group of its own: a stopped CLI does not stop the app that it runs.
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
  const reason = output === '' ? 'its output is above' : `its output:\n${output.trim()}`;
  throw new UserError(`"cdk ${args[0]}" failed (exit code ${exitCode}); ${reason}`);
}

function stopGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it has ended.
  }
}
