import type { Check } from './check.ts';
import { clockFreedomMs } from './clocks.ts';
import type { Dispense } from './model/dispense.ts';
import type { Metric } from './model/metrics.ts';
import { stateAt } from './stream-story.ts';

/** In the end every upload is analyzed, every deadline that has passed is noticed, and no message is given up. */
export const automationsCheck: Check = {
  name: 'automations do their work',
  judge: ({ history: { deadLetters, sweptMs }, streams }, report) => {
    for (const letter of deadLetters ?? []) report(`A message fails whenever it is moved back: ${letter}.`);
    if (deadLetters === undefined || sweptMs === undefined) return;
    for (const stream of streams.values()) {
      const state = stateAt(stream, stream.lastVersion);
      if (stream.context === 'dispense' && (state as Dispense).state === 'analyzing')
        report(`The newest upload of ${stream.name} is never analyzed.`);
      if (stream.context === 'metrics' && isForgotten(state as Metric, sweptMs))
        report(`Nobody notices that the deadline of ${stream.name} has passed.`);
    }
  },
};

function isForgotten({ status, target }: Metric, sweptMs: number): boolean {
  if (status !== 'live' || target?.outcome !== 'pending') return false;
  return Date.parse(target.deadline) < sweptMs - clockFreedomMs;
}
