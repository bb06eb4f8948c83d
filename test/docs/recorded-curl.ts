import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call of curl, as a block made it. */
export interface CurlCall {
  readonly arguments: readonly string[];
  /** Whether the block shows the status to the reader (`-i`). */
  readonly isShown: boolean;
  /** The status of the last answer: after redirects, of the last one. */
  readonly status: number;
  /** The headers of the last answer, in lower case. */
  readonly headers: string;
  readonly body: string;
}

/** A program that calls the real curl, and notes its arguments, the headers and what it printed. Folder names sort by time. */
const script = `#!/bin/sh
call="$CURL_CALLS/$(date +%s%N)-$$"
mkdir -p "$call"
printf '%s\\n' "$@" > "$call/arguments"
{ PATH="$PATH_OF_USER" command curl -sS -D "$call/headers" "$@"; echo $? > "$call/exit"; } | tee "$call/output"
exit "$(cat "$call/exit")"
`;

/** Notes the calls of curl by commands that run with its variables. */
export class RecordedCurl {
  readonly #calls: string;
  readonly #programs: string;

  constructor(folder: string) {
    this.#programs = join(folder, 'programs');
    this.#calls = join(folder, 'calls');
    mkdirSync(this.#programs, { recursive: true });
    mkdirSync(this.#calls);
    this.addProgram('curl', script);
  }

  /** Adds another program that the commands find first. */
  addProgram(name: string, text: string): void {
    const path = join(this.#programs, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }

  /** Environment variables for the commands. */
  get env(): Record<string, string> {
    const path = process.env['PATH'] ?? '';
    return { PATH: `${this.#programs}:${path}`, PATH_OF_USER: path, CURL_CALLS: this.#calls };
  }

  /** The calls since the last time, in order. */
  take(): CurlCall[] {
    const names = readdirSync(this.#calls).sort();
    return names.map((name) => {
      const folder = join(this.#calls, name);
      const call = readCall(folder);
      rmSync(folder, { recursive: true });
      return call;
    });
  }
}

function readCall(folder: string): CurlCall {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const args = text('arguments').trimEnd().split('\n');
  const isShown = args.includes('-i');
  const headers = text('headers');
  const statuses = [...headers.matchAll(/^HTTP\/\S+ (\d+)/gm)].map(([, status]) => Number(status));
  const body = text('output').slice(isShown ? headers.length : 0);
  const last = headers.slice(headers.lastIndexOf('HTTP/')).toLowerCase();
  return { arguments: args, isShown, status: statuses.at(-1) ?? 0, headers: last, body };
}
