import { isWorthShowing, plainText, readLogLine, recordText } from './log-line.ts';
import type { LogSelection } from './log-selection.ts';
import { statusLine } from './status-line.ts';
import { type Paint, paintFor, terminalText } from './terminal-text.ts';

/** Where the host reports what happens. */
export interface HostConsole {
  /** Reports progress. */
  say(line: string): void;
  /** Shows what goes on just now; undefined: nothing. Only consoles that can take the text back have it. */
  status?(text: string | undefined): void;
  /** Reports an error that does not end the host. */
  warn(line: string): void;
  /** Passes on one line that a function logged. */
  functionLog(functionName: string, line: string): void;
}

/**
 * Progress goes to stdout, everything else to stderr. Log lines that are not selected are shown if they are of level WARN or
 * higher, or have no structure. Control characters are shown as their codes, whoever wrote them.
 */
export function terminalConsole({ logs }: { readonly logs: LogSelection }): HostConsole {
  const { stdout, stderr } = process;
  const paint = paintFor(stderr, process.env);
  const line = statusLine(stdout);
  const write = (stream: NodeJS.WriteStream, text: string) => line.above(() => stream.write(`${text}\n`));
  return {
    say: (text) => write(stdout, terminalText(text)),
    warn: (text) => write(stderr, terminalText(text)),
    functionLog: (functionName, logged) => {
      const text = logText(functionName, logged, logs, paint);
      if (text !== undefined) write(stderr, text);
    },
    ...(stdout.isTTY && { status: line.show }),
  };
}

/** Drops all lines. */
export const silentConsole: HostConsole = {
  say: () => undefined,
  warn: () => undefined,
  functionLog: () => undefined,
};

/** The text for one line of a function's log; undefined: it is not shown. */
export function logText(
  functionName: string,
  line: string,
  logs: LogSelection,
  paint: Paint,
): string | undefined {
  if (logs === 'json') return `[${functionName}] ${terminalText(line)}`;
  const read = readLogLine(line);
  const name = shortName(functionName);
  const isSelected = typeof logs === 'string' ? logs === 'all' : logs.includes(name);
  if (read.kind === 'metrics' || !(isSelected || isWorthShowing(read))) return undefined;
  if (read.kind === 'record') return recordText(name, read, paint);
  return read.text.trim() === '' ? undefined : plainText(name, read.text, paint);
}

/** The name of a function without its stage, as in `--logs api`. */
export function shortName(functionName: string): string {
  return functionName.replace(/^streamfold-local-/, '');
}
