import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '../../../tools/host/poll.ts';
import { type NodeProcess, startNode } from '../../support/node-process.ts';

/** Where a running host answers. */
export interface HostAddresses {
  readonly httpUrl: string;
  readonly awsUrl: string;
}

const readyTimeoutMs = 60_000;
const pollMs = 10;

/** A host of the real app over one folder of data, in a process that is killed and started again. */
export class KilledHost {
  readonly #assemblyFolder: string;
  readonly #dataFolder: string;
  readonly #events = new EventTarget();
  #process: NodeProcess | undefined;
  #addresses: HostAddresses | undefined;

  constructor(assemblyFolder: string, dataFolder: string) {
    this.#assemblyFolder = assemblyFolder;
    this.#dataFolder = dataFolder;
  }

  /** Where it answers. Undefined while it is down. */
  get addresses(): HostAddresses | undefined {
    return this.#addresses;
  }

  /** Starts a process. The host is not ready yet. */
  spawn(): void {
    this.#process = startNode(['test/support/host-process.ts', this.#assemblyFolder, this.#dataFolder]);
  }

  /** Waits until the started host answers. Throws with its output if it ends before, or after a minute. */
  async untilReady(): Promise<void> {
    const { output, child } = this.#running();
    const line = await poll(
      () => {
        if (child.exitCode !== null) throw new Error(`The host ended at its start:\n${output()}`);
        return /^\{.*\}$/m.exec(output())?.[0];
      },
      (found) => found !== undefined,
      {
        timeoutMs: readyTimeoutMs,
        intervalMs: pollMs,
        onTimeout: () => new Error(`The host is not ready after ${readyTimeoutMs} ms:\n${output()}`),
      },
    );
    this.#addresses = JSON.parse(line ?? '');
    this.#events.dispatchEvent(new Event('ready'));
  }

  /** Resolves when the host is up. */
  async whenUp(signal: AbortSignal): Promise<HostAddresses> {
    while (this.#addresses === undefined) {
      signal.throwIfAborted();
      await once(this.#events, 'ready', { signal });
    }
    return this.#addresses;
  }

  /**
   * Kills the process, with everything that runs in it. `withEngine`: kills the engine of DynamoDB at the same instant too, which
   * otherwise is told to end. Throws if the process had ended by itself.
   */
  async kill(withEngine: boolean): Promise<void> {
    const { child, output } = this.#running();
    if (child.exitCode !== null) throw new Error(`The host ended by itself:\n${output()}`);
    const pid = withEngine ? await this.#enginePid() : undefined;
    this.#addresses = undefined;
    const ended = this.#running().end('SIGKILL');
    if (pid !== undefined) killIfRunning(pid);
    await ended;
    this.#process = undefined;
  }

  /** Kills the process if there is one. */
  async end(): Promise<void> {
    if (this.#process !== undefined) await this.kill(false);
  }

  #running(): NodeProcess {
    if (this.#process === undefined) throw new Error('The host is not started.');
    return this.#process;
  }

  /** Undefined while the host starts its engine. */
  async #enginePid(): Promise<number | undefined> {
    if (this.#addresses === undefined) return undefined;
    return Number(await readFile(join(this.#dataFolder, 'dynamodb/dynamodb.pid'), 'utf8'));
  }
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
