import { setTimeout as delay } from 'node:timers/promises';
import type { Functions } from './functions.ts';
import type { ShowProgress } from './progress.ts';
import type { stoppedCode } from './stopped.ts';

/** What the commands need around them. */
export interface Session {
  readonly functions: Functions;
  /** Prints a line for people while the command works. */
  readonly say: (line: string) => void;
  /** Shows how far the work is, while it runs. */
  readonly withProgress: <Result>(
    title: string,
    work: (show: ShowProgress) => Promise<Result>,
  ) => Promise<Result>;
  readonly clock: Clock;
}

export interface Clock {
  nowMs(): number;
  /** Rejects with the reason of a signal that stops the command. */
  wait(ms: number): Promise<void>;
}

/** The clock of this machine. */
export function systemClock(signal: AbortSignal): Clock {
  return {
    nowMs: () => Date.now(),
    wait: async (ms) => {
      // The error of a stopped delay is not the reason of the signal.
      await delay(ms, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    },
  };
}

/** What a command found, for people and for programs. */
export interface Outcome {
  /** 1: something was found. That of a signal: it ended a wait, and the report says what was done until then. */
  readonly code: 0 | 1 | typeof stoppedCode;
  readonly lines: readonly string[];
  /** The report of `--json`. */
  readonly report: object;
}
