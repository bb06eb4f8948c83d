import type { MetricBook } from './metric-book.ts';
import { possibleStatuses, possibleVersions, type Standing, type StandingTarget } from './metric-replay.ts';
import type { Window } from './server-clock.ts';

/** A metric as queries show it. */
export type MetricRow = Readonly<Record<string, unknown>>;

type Members = Readonly<Record<string, unknown>>;

/** Where a row, by itself or in the list, says something else than the books; `now`: when it was read. */
export function rowDifferences(row: MetricRow, book: MetricBook, standing: Standing, now: Window): string[] {
  const { current, target } = standing;
  const { name, unit, description } = book.terms;
  const shown = (row['target'] ?? {}) as Members;
  const open = [
    ...differing('version', row['version'], possibleVersions(standing, now)),
    ...differing('status', row['status'], possibleStatuses(standing, now)),
  ];
  const expected: Members = {
    id: book.id,
    name,
    unit,
    description,
    createdAt: instant(book.createdAtMs),
    progress: progressOf(standing),
  };
  return [
    ...open,
    ...membersDiffering('', row, expected),
    ...membersDiffering('current ', (row['current'] ?? {}) as Members, {
      value: current?.value,
      at: current && instant(current.atMs),
    }),
    ...membersDiffering('target ', shown, {
      value: target?.value,
      deadline: target && instant(target.deadlineMs),
    }),
    ...(target ? targetDifferences(target, shown) : []),
  ];
}

/** When the target was set is known by the server alone, as is what was reached by a value whose turn the clocks leave open. */
function targetDifferences(target: StandingTarget, { setAt, reachedAt }: Members): string[] {
  const { earliestMs, latestMs } = target.setAt;
  const setAtMs = Date.parse(String(setAt));
  const isSetInTime = earliestMs <= setAtMs && setAtMs <= latestMs;
  const wrong = isSetInTime
    ? []
    : [`target setAt is ${setAt}, not from ${instant(earliestMs)} to ${instant(latestMs)}`];
  const { outcome, reachedAtMs } = target;
  if (outcome !== 'reached') return [...wrong, ...differing('target reachedAt', reachedAt, [undefined])];
  if (reachedAtMs === undefined) return wrong;
  return [...wrong, ...differing('target reachedAt', reachedAt, [instant(Math.max(reachedAtMs, setAtMs))])];
}

function progressOf({ current, target }: Standing): number | undefined {
  return current && target && current.value / target.value;
}

function membersDiffering(prefix: string, row: Members, expected: Members): string[] {
  return Object.entries(expected).flatMap(([member, value]) =>
    differing(prefix + member, row[member], [value]),
  );
}

function differing(member: string, shown: unknown, permitted: readonly unknown[]): string[] {
  if (permitted.includes(shown)) return [];
  return [`${member} is ${shown}, the books say ${permitted.join(' or ') || undefined}`];
}

/** As text; also for what is no instant, which the row then cannot equal. */
function instant(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : 'no instant';
}
