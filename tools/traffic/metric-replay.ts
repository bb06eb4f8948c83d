import type { BookedCommand, MetricBook, MetricStatus, SentValue } from './metric-book.ts';
import type { Window } from './server-clock.ts';

export interface Measured {
  readonly value: number;
  readonly atMs: number;
}

export interface StandingTarget {
  readonly value: number;
  readonly deadlineMs: number;
  readonly setAt: Window;
  readonly outcome: 'pending' | 'reached' | 'expired';
  /** When the value that reached it was measured: -Infinity where it was there before, undefined where several may have. */
  readonly reachedAtMs?: number | undefined;
}

/** Where a metric stands, by the rules of metrics and the acknowledged commands. */
export interface Standing {
  readonly version: number;
  readonly isArchived: boolean;
  readonly current?: Measured;
  readonly target?: StandingTarget;
}

/** When a value was measured, in ms since 1970: as sent, or as the server decided. */
export type InstantOf = (sent: SentValue, command: BookedCommand) => number;

/**
 * Carries out the acknowledged commands once more, in the order of their versions. What the clocks leave open (which side
 * of a deadline, of a target's setting) the answers decide. The first answer that no course of events leads to is a
 * finding; others behind it would only follow from it.
 */
export function replay(book: MetricBook, instantOf: InstantOf): { standing: Standing; findings: string[] } {
  const findings: string[] = [];
  let standing: Standing = { version: 1, isArchived: false };
  for (const command of book.commands) {
    const possible = [...outcomes(standing, command, instantOf)];
    const after = possible.find((one) => isAnswered(one, command));
    if (!after && findings.length === 0) {
      const expected =
        [...new Set(possible.map((one) => described(one, command.now)))].join(' or ') || 'be done';
      const answered = inWords(command.version, command.status, command.value);
      const from = described(standing, command.now);
      findings.push(`${command.effect.kind} led from ${from} to ${answered}, and not to ${expected}`);
    }
    const next: Standing = after ?? possible.at(-1) ?? standing;
    standing = { ...next, version: command.version };
  }
  return { standing, findings };
}

/** How it may stand at an instant within the window: the sweep may have recorded an expiry, or not yet. */
export function possibleVersions(standing: Standing, now: Window): number[] {
  return mayExpire(standing, now) ? [standing.version, standing.version + 1] : [standing.version];
}

/** The statuses that may be answered at an instant within the window. */
export function possibleStatuses(standing: Standing, { earliestMs, latestMs }: Window): MetricStatus[] {
  const { target, isArchived } = standing;
  if (isArchived || target?.outcome !== 'pending') return [recordedStatus(standing)];
  if (target.deadlineMs < earliestMs) return ['expired'];
  return target.deadlineMs >= latestMs ? ['active'] : ['active', 'expired'];
}

/** Every state that the command can lead to. */
function* outcomes(before: Standing, command: BookedCommand, instantOf: InstantOf): Generator<Standing> {
  if (before.isArchived) return;
  for (const standing of withExpiry(before, command)) {
    const { effect, now } = command;
    if (effect.kind === 'values') {
      yield* afterValues(standing, toMeasured(command, effect.values, instantOf));
    } else if (effect.kind === 'archive') {
      yield { ...standing, version: standing.version + 1, isArchived: true };
    } else {
      const { value, deadlineMs } = effect;
      const target = { value, deadlineMs, setAt: now };
      const isMet = standing.current !== undefined && standing.current.value >= value;
      yield isMet
        ? {
            ...standing,
            version: standing.version + 2,
            target: { ...target, outcome: 'reached', reachedAtMs: Number.NEGATIVE_INFINITY },
          }
        : { ...standing, version: standing.version + 1, target: { ...target, outcome: 'pending' } };
    }
  }
}

/** Before the command, the sweep may have expired the target; where the deadline is past, it or the command has to. */
function withExpiry(standing: Standing, { effect, now }: BookedCommand): Standing[] {
  const { target, version } = standing;
  if (!target || !mayExpire(standing, now)) return [standing];
  const expired: Standing = { ...standing, version: version + 1, target: { ...target, outcome: 'expired' } };
  const isForced = effect.kind !== 'values' && target.deadlineMs < now.earliestMs;
  return isForced ? [expired] : [standing, expired];
}

function mayExpire({ target, isArchived }: Standing, { latestMs }: Window): boolean {
  return !isArchived && target?.outcome === 'pending' && target.deadlineMs < latestMs;
}

/** A command's values in the order in which they count. */
function toMeasured(command: BookedCommand, values: readonly SentValue[], instantOf: InstantOf): Measured[] {
  return values
    .map((sent) => ({ value: sent.value, atMs: instantOf(sent, command) }))
    .sort((a, b) => a.atMs - b.atMs);
}

function* afterValues(before: Standing, values: readonly Measured[]): Generator<Standing> {
  let current = before.current;
  const reachers: { readonly atMs: number; readonly isSure: boolean }[] = [];
  for (const measured of values) {
    const isCurrent = current === undefined || measured.atMs >= current.atMs;
    const chance = chanceToReach(before.target, measured, isCurrent);
    if (chance !== 'none') reachers.push({ atMs: measured.atMs, isSure: chance === 'sure' });
    if (isCurrent) current = measured;
  }
  const version = before.version + values.length;
  const after: Standing = { ...before, version, ...(current && { current }) };
  if (!reachers.some(({ isSure }) => isSure)) yield after;
  const [first] = reachers;
  if (!first || !before.target) return;
  const reachedAtMs = first.isSure ? first.atMs : undefined;
  yield { ...after, version: version + 1, target: { ...before.target, outcome: 'reached', reachedAtMs } };
}

/** Values from before the target was set count for it only where nothing newer is known. */
function chanceToReach(
  target: StandingTarget | undefined,
  { value, atMs }: Measured,
  isCurrent: boolean,
): 'none' | 'open' | 'sure' {
  if (!target || target.outcome === 'reached' || value < target.value || atMs > target.deadlineMs)
    return 'none';
  if (isCurrent || atMs >= target.setAt.latestMs) return 'sure';
  return atMs < target.setAt.earliestMs ? 'none' : 'open';
}

function isAnswered(standing: Standing, { version, status, value, now }: BookedCommand): boolean {
  const isSameValue = standing.current?.value === value;
  return standing.version === version && isSameValue && possibleStatuses(standing, now).includes(status);
}

/** The status by what is recorded, whatever the time. */
function recordedStatus({ isArchived, target }: Standing): MetricStatus {
  if (isArchived) return 'archived';
  if (!target) return 'untargeted';
  const statuses = { pending: 'active', reached: 'successful', expired: 'expired' } as const;
  return statuses[target.outcome];
}

function described(standing: Standing, now: Window): string {
  return inWords(standing.version, possibleStatuses(standing, now).join(' or '), standing.current?.value);
}

function inWords(version: number, status: string, value: number | undefined): string {
  return `version ${version}, ${status} with ${value ?? 'no value'}`;
}
