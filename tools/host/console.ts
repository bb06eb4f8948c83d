/** Where the host tells people what happens. Tests give one that collects or stays silent. */
export interface HostConsole {
  /** Progress, in plain words. */
  say(line: string): void;
  /** Something that went wrong and does not end the host. */
  warn(line: string): void;
  /** One line that a function logged. */
  functionLog(functionName: string, line: string): void;
}

/**
 * Progress on stdout, everything else on stderr. Structured log lines below WARN are left out unless `showAllLogs`;
 * lines that are not structured are someone's `console.log` and always shown.
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

export const silentConsole: HostConsole = {
  say: () => undefined,
  warn: () => undefined,
  functionLog: () => undefined,
};

/** False for structured lines of level TRACE, DEBUG and INFO, and for those that carry metrics to CloudWatch (`_aws`). */
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
