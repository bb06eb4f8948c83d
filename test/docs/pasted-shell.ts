import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.ts';

/** A shell that people paste into. */
export type ShellName = 'bash' | 'zsh';

/** Interactive, as a terminal is: comments, `!` and unmatched patterns mean what they mean there. No files of the user are read. */
const shellArguments: Readonly<Record<ShellName, readonly string[]>> = {
  bash: ['--norc', '--noprofile', '--noediting', '-i'],
  zsh: ['-f', '-i', '-s'],
};

/** Before each prompt, the shell writes the exit status of the command before it. */
const hooks: Readonly<Record<ShellName, string>> = {
  bash: `PS1= PS2=; set -v; PROMPT_COMMAND='echo "$?" >> "$STATUSES"'`,
  zsh: `PS1= PS2= RPS1= PROMPT_EOL_MARK=; setopt verbose; precmd() { echo "$?" >> "$STATUSES"; }`,
};
const endMark = 'end';
const transcriptChars = 10_000;

/** One interactive shell, into which blocks are pasted one after the other. */
export class PastedShell {
  readonly #child: ChildProcess;
  readonly #statuses: string;
  #transcript = '';
  #hasEnded = false;

  /** @param folder for the notes of the shell; the shell itself begins in the root of the project */
  constructor(
    name: ShellName,
    { root, folder, env }: { root: string; folder: string; env: NodeJS.ProcessEnv },
  ) {
    this.#statuses = join(folder, 'statuses');
    writeFileSync(this.#statuses, '');
    this.#child = spawn(name, shellArguments[name], {
      cwd: root,
      env: { ...env, STATUSES: this.#statuses },
      stdio: 'pipe',
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#transcript = (this.#transcript + chunk).slice(-transcriptChars);
      });
    }
    this.#child.stdin?.write(`${hooks[name]}\n`);
  }

  /**
   * Pastes a block and waits for the end of its last command. Throws, with what the shell showed, if one of its commands fails,
   * or if the last has not ended in this time of a quiet machine.
   */
  async paste(block: string, quietMs: number): Promise<void> {
    if (this.#hasEnded) throw new Error('The shell was ended, because an earlier block did not end.');
    this.#transcript = '';
    writeFileSync(this.#statuses, '');
    this.#child.stdin?.write(`${block}\necho ${endMark} >> "$STATUSES"\n`);
    const read = () => readFileSync(this.#statuses, 'utf8').split('\n');
    const lines = await until(read, (known) => known.includes(endMark), quietMs).catch((cause: unknown) => {
      this.end(); // Otherwise what is pasted next would wait too.
      throw new Error(`The block does not end:\n${this.#transcript}`, { cause });
    });
    const statuses = lines.slice(0, lines.indexOf(endMark)).map(Number);
    if (statuses.some((status) => status !== 0)) {
      throw new Error(`Its commands ended with ${statuses.join(', ')}:\n${this.#transcript}`);
    }
  }

  /** Ends the shell, and what it has started. */
  end(): void {
    const { pid, exitCode } = this.#child;
    if (pid !== undefined && exitCode === null && !this.#hasEnded) process.kill(-pid, 'SIGKILL');
    this.#hasEnded = true;
  }
}
