import { type FaultKind, faultKinds } from '../../world/faults.ts';
import type { Random } from '../../world/random.ts';

/** Kinds of acts that a history has or has not, beside plain commands with keys. */
export const actSwitches = [
  'again',
  'misused-keys',
  'if-match',
  'fresh-reads',
  'late-reads',
  'past',
  'rebuild',
  'redrive',
  'catch-up',
  'damage-and-repair',
  'no-keys',
  'bursts',
  'crowd',
] as const;

/** What makes a history hard. They are drawn by themselves, so that the rest of a history is the same with and without them. */
export const hardSwitches = [
  /** Services, tables or queues are down for minutes. */
  'outages',
  /** Several operators work on the same read models at the same time. */
  'operators',
  /** Several sweeps at the same time, about when deadlines pass. */
  'sweeps',
  /** Bursts are also about metrics and dispenses. */
  'races',
  /** Many commands at the same moment, each in an instance of its own, and transfers in both directions. */
  'rushes',
  /** Lists are read, during the history and after it. */
  'lists',
  /** What an automation gets comes hours late. */
  'late-hours',
  /** Persons have several dispenses, and are held and erased. */
  'persons',
] as const;

/** Rare combinations, and the share of the histories that are about each: see `focus.ts`. The last one takes long. */
const focusShares = {
  'hasty-questions': 0.02,
  'nowhere-to-wait': 0.02,
  'analyses-in-outages': 0.02,
  'throttled-writes': 0.02,
  'rush-at-rebuild': 0.04,
  'rival-operators': 0.04,
  'damaged-past': 0.01,
} as const;
export type Focus = keyof typeof focusShares;

export type ActSwitch = (typeof actSwitches)[number] | (typeof hardSwitches)[number];

/** How often a history has each. What takes long in simulated time is rarer. */
const shares: Readonly<Record<ActSwitch, number>> = {
  again: 0.6,
  'misused-keys': 0.3,
  'if-match': 0.35,
  'fresh-reads': 0.45,
  'late-reads': 0.5,
  past: 0.55,
  rebuild: 0.3,
  redrive: 0.3,
  'catch-up': 0.04,
  'damage-and-repair': 0.15,
  'no-keys': 0.3,
  bursts: 0.4,
  crowd: 0.25,
  outages: 0.2,
  operators: 0.12,
  sweeps: 0.2,
  races: 0.25,
  rushes: 0.12,
  lists: 0.3,
  'late-hours': 0.06,
  persons: 0.3,
};

/** What a history is like. Drawn first, so that histories differ strongly from each other (swarm testing). */
export interface Temper {
  /** The acts lie within this time. */
  readonly spanMs: number;
  readonly commands: number;
  readonly has: ReadonlySet<ActSwitch>;
  /** Kinds of faults. Never empty. */
  readonly faultKinds: readonly FaultKind[];
  readonly faults: number;
  /** From 0, faults that strike now and then, to 1, storms. */
  readonly violence: number;
  /** The instances of the API are killed again and again. */
  readonly restartsApi: boolean;
  /** Events of the long stream before the history. Usually 0. */
  readonly longStreamEvents: number;
  /** A consumer is paused for this long, and a part of the acts follows after that. Usually 0. */
  readonly longPauseMs: number;
  /** Attempts of people, and how long they wait for an answer, at most. */
  readonly attempts: number;
  readonly patienceMs: number;
  /** When the rare thing happens that a history is about, in ms after the start. Usually not known. */
  readonly momentsMs?: readonly number[];
  /** Usually none. */
  readonly focus?: Focus;
}

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000];

/** What a history is about, if it is about a rare combination. Drawn by itself, so that all other histories stay as they are. */
export function focusOf(random: Random): Focus | undefined {
  let luck = random.of('focus').next();
  for (const [focus, share] of Object.entries(focusShares)) {
    luck -= share;
    if (luck < 0) return focus as Focus;
  }
  return undefined;
}

/** Draws the temper of a history, as it is without a focus. */
export function temperOf(random: Random): Temper {
  const longStreamEvents = random.chance(0.025) ? random.between(1_050, 2_100) : 0;
  const kinds = kindsOf(random, longStreamEvents > 0);
  const isLongPause = random.chance(0.2) && kinds.includes('paused');
  // Most pauses end before records are given up. After the others the operator must deliver what was lost.
  const longPauseMs = random.chance(0.2)
    ? random.between(22 * hourMs, 36 * hourMs)
    : random.between(hourMs / 2, 20 * hourMs);
  const usual = actSwitches.filter((one) => random.chance(shares[one]));
  const hard = random.of('hard');
  const has = new Set<ActSwitch>([...usual, ...hardSwitches.filter((one) => hard.chance(shares[one]))]);
  const spanMs = spanOf(random);
  return {
    // A rebuild takes minutes, in which people go on.
    spanMs:
      has.has('rebuild') || has.has('operators') ? Math.max(spanMs, random.between(2, 6) * minuteMs) : spanMs,
    commands: random.chance(0.1) ? random.between(90, 160) : random.between(50, 90),
    has,
    faultKinds: kinds,
    faults: random.chance(0.1) ? random.between(9, 16) : random.between(3, 8),
    violence: random.pick([0.1, 0.1, 0.3, 0.3, 0.6, 1]),
    restartsApi: random.chance(0.1),
    longStreamEvents,
    longPauseMs: isLongPause ? longPauseMs : 0,
    attempts: random.pick([1, 3, 5, 5, 8, 8]),
    patienceMs: random.pick([400, 2_000, 5_000, 10_000, 30_000]),
  };
}

/** Most histories take 1 to 10 minutes, a few some seconds. */
function spanOf(random: Random): number {
  const seconds = random.between(5 * secondMs, minuteMs);
  const minutes = random.between(minuteMs, 10 * minuteMs);
  return random.chance(0.15) ? seconds : minutes;
}

/** Half of the kinds, one alone, or all of them. Segments are there only with a long stream. */
function kindsOf(random: Random, hasSegments: boolean): readonly FaultKind[] {
  const possible = faultKinds.filter((kind) => kind !== 'segments-damaged' || hasSegments);
  const single = random.pick(possible);
  const luck = random.next();
  const share = luck < 0.1 ? 1 : luck < 0.6 ? 0.5 : 0.25;
  const several = possible.filter((kind) => random.chance(kind === 'segments-damaged' ? 0.85 : share));
  return luck > 0.9 || several.length === 0 ? [single] : several;
}
