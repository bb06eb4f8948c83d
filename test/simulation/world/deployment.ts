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

/** Instances of a function change within this share of a phase: for so long, both versions serve it. */
const changingShare = 0.5;

/** The part of a phase after which an instance has the later code. `turn`: the place of its function in the phase. All from 0 to 1. */
export function changeOf(turn: number, luck: number): number {
  return Math.min(1, Math.max(0, turn + (luck - 0.5) * changingShare));
}

/** The code of an instance that starts now. `change`: the part of a phase after which it has the later code, from 0 to 1. */
export function versionAt(
  deployment: Deployment | undefined,
  elapsedMs: number,
  change: number,
): CodeVersion {
  const begun = deployment && phasesOf(deployment).findLast(({ fromMs }) => elapsedMs >= fromMs);
  if (begun === undefined) return 'current';
  const { fromMs, forMs, from, to } = begun;
  return change < (elapsedMs - fromMs) / Math.max(1, forMs) ? to : from;
}

/** True if a phase has replaced this code, so that its idle instances end. `change`: the part of the phase after which it has. */
export function isReplaced(
  deployment: Deployment | undefined,
  elapsedMs: number,
  version: CodeVersion,
  change = 1,
): boolean {
  const phase = deployment && phasesOf(deployment).find(({ from }) => from === version);
  return phase !== undefined && elapsedMs >= phase.fromMs + change * phase.forMs;
}
