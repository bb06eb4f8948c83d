import { rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { freePort, loopback } from '../host/engines/free-port.ts';
import { startGuarded } from '../host/engines/guard.ts';
import { makeTemporaryFolder } from '../host/temporary-folder.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { withoutAws } from './aws-environment.ts';

const readyTimeoutMs = 60_000;

export interface MinistackOptions {
  /** The port on loopback; 0: any free port. */
  readonly port: number;
  /** The interpreter of an environment that has MiniStack. */
  readonly python: string;
  /** Called with the log of MiniStack and of its functions, in pieces of any length. */
  readonly onOutput: (text: string) => void;
}

/** A running MiniStack. */
export interface Ministack {
  /** For example `http://localhost:4566`. */
  readonly endpoint: string;
  /** Holds everything that it and its functions keep on disk; removed when it stops. */
  readonly folder: string;
  /** Resolves when it has ended, with the end of its output. */
  readonly exited: Promise<string>;
  /** Ends it and its functions, and waits until they have ended. */
  stop(): Promise<void>;
}

/**
 * Starts MiniStack. It keeps its data in memory, and runs functions with the Node that runs this.
 * @throws {UserError} when the port is in use or it does not start.
 */
export async function startMinistack({ port, python, onOutput }: MinistackOptions): Promise<Ministack> {
  const actualPort = await freePort(port, '--port');
  const folder = await makeTemporaryFolder();
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const env = {
    ...withoutAws(process.env),
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    GATEWAY_PORT: String(actualPort),
    BIND_HOST: loopback,
    // In other folders its files would remain.
    TMPDIR: folder,
    STATE_DIR: join(folder, 'state'),
    S3_DATA_DIR: join(folder, 's3'),
    PYTHONUNBUFFERED: '1',
  };
  try {
    const command = [python, '-m', 'ministack'];
    const guarded = await startGuarded(command, /Running on http/, readyTimeoutMs, { env, onOutput });
    const stop = async () => {
      await guarded.stop();
      await remove();
    };
    return { endpoint: `http://localhost:${actualPort}`, folder, exited: guarded.exited, stop };
  } catch (error) {
    await remove();
    throw new UserError(`MiniStack did not start: ${messageOf(error)}`);
  }
}
