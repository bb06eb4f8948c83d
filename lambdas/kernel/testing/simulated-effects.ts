import type { Effects } from '../effects.ts';

export interface SimulatedEffects extends Effects {
  /** The time that `now` returns. It only moves when a spec sets it. */
  readonly clock: { now: string };
  /** The waits that were asked for, in ms and in order. */
  readonly delays: readonly number[];
}

export interface SimulatedEffectsOptions {
  /** The same seed gives the same ids and random numbers. Default: a seed that no other instance has. */
  readonly seed?: number;
  /** The first time, ISO 8601, UTC, ms. */
  readonly now?: string;
}

let instances = 0;

/** Effects for specs: delays end at once and are recorded, the clock stands still, ids and random numbers are seeded. */
export function simulatedEffects(options: SimulatedEffectsOptions = {}): SimulatedEffects {
  instances += 1;
  const { seed = instances, now = '2026-01-02T03:04:05.678Z' } = options;
  const clock = { now };
  const delays: number[] = [];
  let ids = 0;
  return {
    clock,
    delays,
    now: () => clock.now,
    delay: async (ms) => {
      delays.push(ms);
    },
    random: seededRandom(seed),
    newId: () => {
      ids += 1;
      return `${hex(seed, 8)}-0000-7000-8000-${hex(ids, 12)}`;
    },
  };
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function hex(number: number, length: number): string {
  return (number >>> 0).toString(16).padStart(length, '0');
}
