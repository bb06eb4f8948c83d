import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../tools/host/engines/free-port.ts';
import { until } from '../support/until.ts';
import { root } from './pages.ts';

const readyQuietMs = 90_000;
const stopMaxMs = 20_000;
const keptOutputChars = 10_000;

/** Where a host answers. */
export interface HostPorts {
  readonly http: number;
  readonly aws: number;
}

/** Ports for one host after the other. */
export const freePorts = async (): Promise<HostPorts> => ({ http: await freePort(), aws: await freePort() });

/** A host that a block starts by `npm start`, as in a terminal of its own. */
export class StartedHost {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output = (this.#output + chunk).slice(-keptOutputChars);
      });
    }
  }

  /** Runs `npm start -- ...options`, and waits until it says that it is ready. Throws what it printed if it ends before. */
  static async start(options: readonly string[], ports: HostPorts): Promise<StartedHost> {
    const moved = ['--http', String(ports.http), '--aws', String(ports.aws)];
    const child = spawn('npm', ['start', '--', ...options, ...moved], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const host = new StartedHost(child);
    try {
      await until(
        () => host.#output,
        (output) => output.includes('Ready') || child.exitCode !== null,
        readyQuietMs,
      );
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`);
    } catch (cause) {
      await host.stop();
      throw new Error(`The host is not ready:\n${host.#output}`, { cause });
    }
    return host;
  }

  /** Stops it like Ctrl-C in its terminal. What does not stop in time is killed. */
  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    process.kill(-pid, 'SIGINT');
    await Promise.race([ended, delay(stopMaxMs, undefined, { ref: false })]);
    if (this.#child.exitCode === null && this.#child.signalCode === null) process.kill(-pid, 'SIGKILL');
    await ended;
  }
}
