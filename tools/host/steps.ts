import type { HostConsole } from './console.ts';

/** A step of the start in a person's words: what the host is doing, and what it has done. */
export interface StepNames {
  readonly doing: string;
  readonly done: string;
}

/** Runs a step and reports it. Steps can run at the same time. */
export type RunStep = <Result>(names: StepNames, run: () => Promise<Result>) => Promise<Result>;

/** Reports nothing. */
export const silentSteps: RunStep = (_, run) => run();

/**
 * Reports each step that has ended, with its duration. Those that run are in the status line of the console; without one, they
 * are reported as lines. A failed step is not reported: its error is.
 */
export function reportedSteps(output: HostConsole): RunStep {
  const running = new Set<string>();
  const show = () => output.status?.(running.size === 0 ? undefined : `${[...running].join(', ')} ...`);
  return async ({ doing, done }, run) => {
    const startedAtMs = performance.now();
    running.add(doing);
    if (output.status === undefined) output.say(`${doing} ...`);
    show();
    try {
      const result = await run();
      running.delete(doing);
      output.say(`${done} in ${secondsText(performance.now() - startedAtMs)}.`);
      return result;
    } finally {
      running.delete(doing);
      show();
    }
  };
}

/** `0.4 s` */
export function secondsText(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
