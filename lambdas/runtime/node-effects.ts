import { setTimeout } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Effects } from '../kernel/index.ts';

/** The clock, timers and randomness of Node. Ids are UUIDv7, which sort by their time of creation. */
export const nodeEffects: Effects = {
  now: () => new Date().toISOString(),
  delay: (ms) => setTimeout(ms),
  timeLimit: (ms) => AbortSignal.timeout(ms),
  random: Math.random,
  newId: () => uuidv7(),
};
