/** Where the host reports what happens. */
export interface HostConsole {
  /** Reports progress. */
  say(line: string): void;
  /** Reports an error that does not end the host. */
  warn(line: string): void;
  /** Passes on one line that a function logged. */
  functionLog(functionName: string, line: string): void;
}

/**
 * Progress goes to stdout, everything else to stderr. Structured log lines below WARN are shown with `showAllLogs` only;
 * lines without structure, as from `console.log`, always.
 */
export function terminalConsole(options: { showAllLogs: boolean }): HostConsole {
  return {
    say: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`${line}\n`),
    functionLog: (functionName, line) => {
      if (options.showAllLogs || isWorthShowing(line)) process.stderr.write(`[${functionName}] ${line}\n`);
    },
  };
}

/** Drops all lines. */
export const silentConsole: HostConsole = {
  say: () => undefined,
  warn: () => undefined,
  functionLog: () => undefined,
};

/** False for structured lines of level TRACE, DEBUG and INFO, and for lines that carry metrics to CloudWatch (`_aws`). */
export function isWorthShowing(line: string): boolean {
  if (!line.startsWith('{')) return line.trim() !== '';
  try {
    const { level, _aws: metrics } = JSON.parse(line);
    if (metrics !== undefined) return false;
    return typeof level !== 'string' || !/^(trace|debug|info)$/i.test(level);
  } catch {
    return true;
  }
}
