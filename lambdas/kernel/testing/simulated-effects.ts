import type { Effects } from '../effects.ts';

/** Effects for specs, with a clock to set and a record of delays. */
export interface SimulatedEffects extends Effects {
  /** The time that `now` returns. It only moves when a spec sets it. */
  readonly clock: { now: string };
  /** The requested delays, in ms and in order. */
  readonly delays: readonly number[];
}

/** Options of {@link simulatedEffects}. */
export interface SimulatedEffectsOptions {
  /** Equal seeds produce equal ids and random numbers. Default: a new seed for each instance. */
  readonly seed?: number;
  /** The time at the start, ISO 8601, UTC, ms. Default: a time in 2026. */
  readonly now?: string;
}

let instances = 0;

/** Effects for specs. Delays end immediately and are recorded; time limits are real. Ids and random numbers are seeded. */
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
    timeLimit: (ms) => AbortSignal.timeout(ms),
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
