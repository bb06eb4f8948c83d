import type { Fault } from './faults.ts';

/**
 * The code that an instance runs. `next`: what a deployment brings. It writes newer forms of events and of rows. `reader`: the release
 * between, which reads them and does not write them.
 */
export type CodeVersion = 'current' | 'reader' | 'next';

export type Deployment = Extract<Fault, { readonly kind: 'rolling-deploy' }>;

/** After this time nothing runs any more that had begun when a deployment ended, in ms: functions run for 15 minutes at most. */
export const oldGoneMs = 15.5 * 60_000;

/** One deployment: instances that start in it run either version. */
interface Phase {
  readonly fromMs: number;
  readonly forMs: number;
  readonly from: CodeVersion;
  readonly to: CodeVersion;
}

/** With `readersFirst` two, the second when nothing of before the first runs any more. */
function phasesOf({ fromMs, forMs, readersFirst }: Deployment): readonly Phase[] {
  if (!readersFirst) return [{ fromMs, forMs, from: 'current', to: 'next' }];
  const secondMs = fromMs + forMs + oldGoneMs;
  return [
    { fromMs, forMs, from: 'current', to: 'reader' },
    { fromMs: secondMs, forMs, from: 'reader', to: 'next' },
  ];
}

/** When the first phase has ended. */
export function firstPhaseEndMs({ fromMs, forMs }: Deployment): number {
  return fromMs + forMs;
}

/** When the deployment has ended, and every new instance runs the next code. */
export function deployedMs(deployment: Deployment): number {
  const last = phasesOf(deployment).at(-1) as Phase;
  return last.fromMs + last.forMs;
}

/** When the first instance with the next code may start. */
export function nextFromMs(deployment: Deployment): number {
  return (phasesOf(deployment).at(-1) as Phase).fromMs;
}

/** The code of an instance that starts now: either one while a phase lasts, more and more often the later one. */
export function versionAt(deployment: Deployment | undefined, elapsedMs: number, luck: number): CodeVersion {
  const begun = deployment && phasesOf(deployment).findLast(({ fromMs }) => elapsedMs >= fromMs);
  if (begun === undefined) return 'current';
  const { fromMs, forMs, from, to } = begun;
  return luck < (elapsedMs - fromMs) / Math.max(1, forMs) ? to : from;
}

/** True if the phase that replaces this code has ended: its idle instances end. */
export function isReplaced(
  deployment: Deployment | undefined,
  elapsedMs: number,
  version: CodeVersion,
): boolean {
  const phase = deployment && phasesOf(deployment).find(({ from }) => from === version);
  return phase !== undefined && elapsedMs >= phase.fromMs + phase.forMs;
}
