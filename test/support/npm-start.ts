import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const root = join(import.meta.dirname, '../..');

/** Which process of `npm start` gets a signal: npm, the shell that it runs, the host in Node, or all of them, as by Ctrl-C. */
export type SignalTarget = 'npm' | 'shell' | 'host' | 'group';

export interface NpmStartOptions {
  /** The id of the user who runs it; root only. */
  readonly user?: number;
  /** For temporary files. By default a new folder. */
  readonly temporary?: string;
}

/** A real `npm start`, on free ports, with a folder of its own for temporary files. */
export class NpmStart {
  readonly #npm: ChildProcess;
  readonly #temporary: string;
  #output = '';

  constructor({ user, temporary }: NpmStartOptions = {}) {
    this.#temporary = temporary ?? mkdtempSync(join(tmpdir(), 'streamfold-npm-'));
    const args = ['start', '--', '--http', '0', '--aws', '0'];
    // npm keeps a cache and logs at home.
    const env = { ...process.env, TMPDIR: this.#temporary, npm_config_cache: join(this.#temporary, 'npm') };
    this.#npm = spawn('npm', args, {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user !== undefined && { uid: user, gid: user }),
    });
    for (const stream of [this.#npm.stdout, this.#npm.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += chunk;
      });
    }
  }

  /** Everything that it has printed so far. */
  get output(): string {
    return this.#output;
  }

  untilReady(deadlineMs: number): Promise<string> {
    return until(
      () => this.#output,
      (text) => text.includes('Ready'),
      deadlineMs,
    );
  }

  /** Resolves when the host in Node runs. */
  async untilThereIsAHost(): Promise<void> {
    await until(() => this.#pidOf('host'), Boolean);
  }

  signal(target: SignalTarget, signal: NodeJS.Signals): void {
    const pid = target === 'group' ? -(this.#npm.pid ?? 0) : this.#pidOf(target);
    if (pid === undefined) throw new Error(`There is no ${target}.`);
    process.kill(pid, signal);
  }

  /** The processes that it started and the files in its folder that still exist. */
  left(): string[] {
    const processes = all().filter(
      ({ args, group }) => group === this.#npm.pid || args.includes(this.#temporary),
    );
    // npm keeps a cache of compiled code there.
    const files = readdirSync(this.#temporary).filter((name) => name.startsWith('streamfold-'));
    return [...processes.map(({ args }) => args), ...files];
  }

  /** Ends what still runs. */
  async remove(): Promise<void> {
    for (const { pid, args, group } of all()) {
      if (group === this.#npm.pid || args.includes(this.#temporary)) process.kill(pid, 'SIGKILL');
    }
    if (this.#npm.exitCode === null && this.#npm.signalCode === null) await once(this.#npm, 'exit');
    rmSync(this.#temporary, { recursive: true, force: true });
  }

  #pidOf(target: Exclude<SignalTarget, 'group'>): number | undefined {
    const { pid } = this.#npm;
    if (target === 'npm') return pid;
    const own = all().filter(({ group }) => group === pid);
    const shell = own.find(({ parent, args }) => parent === pid && /^\S*sh -c /.test(args));
    if (target === 'shell') return shell?.pid;
    return own.find(({ args }) => /^\S*node .*tools\/host\/main\.ts/.test(args))?.pid;
  }
}

function all() {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,pgid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, group, state = '', args = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), args }];
  });
}
