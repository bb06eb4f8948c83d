import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { InvokedMessage, InvokeMessage, Timing } from './messages.ts';

/** What the function's log lines say, since its process began. */
export interface LogCounts {
  /** The sum of `SpansDropped`. */
  spansDropped: number;
  warnings: number;
}

/** The API's function in a process of its own. */
export interface ApiInstance extends AsyncDisposable {
  /** Invokes it, once at a time. Rejects if it fails or does not answer with success. */
  invoke(message: InvokeMessage): Promise<Timing>;
  /** Ends the process. Returns what its log says. */
  stop(): Promise<LogCounts>;
}

/** Starts a process with this environment only. It loads nothing of the function yet. */
export function startInstance(environment: Readonly<Record<string, string>>): ApiInstance {
  const child = fork(new URL('./api-process.ts', import.meta.url), {
    env: { ...environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = once(child, 'close');
  const counts: LogCounts = { spansDropped: 0, warnings: 0 };
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on('line', (line) => note(counts, line));
  }
  const stop = async () => {
    child.kill();
    await closed;
    return counts;
  };
  return {
    invoke: (message) => invoke(child, message),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

async function invoke(child: ChildProcess, message: InvokeMessage): Promise<Timing> {
  const ended = new AbortController();
  const exited = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`The measured process ended with exit code ${code}.`);
  });
  child.send(message);
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal: ended.signal }), exited])) as [
      InvokedMessage,
    ];
    if ('error' in answer) throw new Error(`A measured invocation failed: ${answer.error}`);
    if (answer.statusCode >= 300) throw new Error(`A measured request was answered ${answer.statusCode}.`);
    return answer.timing;
  } finally {
    ended.abort();
  }
}

/** Lines that are not JSON are of Node. */
function note(counts: LogCounts, line: string): void {
  if (!line.startsWith('{')) {
    console.error(line);
    return;
  }
  const { level, SpansDropped } = JSON.parse(line) as { level?: string; SpansDropped?: number };
  if (level === 'WARN') counts.warnings += 1;
  counts.spansDropped += SpansDropped ?? 0;
}
