import type { Check } from './check.ts';
import { clockFreedomMs } from './clocks.ts';

/** An append ends this long after its stamp, in ms: docs/promises.md says 2 seconds. Answers about the past rely on it. */
const appendMaxMs = 2_000;

/** A commit has the time of its append, as far as clocks and the bound of appends permit. */
export const commitTimesCheck: Check = {
  name: 'commits have the time of their append',
  judge: ({ streams }, report) => {
    for (const { commits } of streams.values()) {
      for (const { commit } of commits) {
        const { appendedMs, stream, version, committedAt, isPrepared } = commit;
        if (appendedMs === undefined || isPrepared) continue;
        const ageMs = appendedMs - Date.parse(committedAt);
        if (ageMs >= -clockFreedomMs && ageMs <= appendMaxMs + clockFreedomMs) continue;
        report(
          `Version ${version} of ${stream} was appended ${ageMs} ms after its time, ${committedAt}.`,
          appendedMs,
        );
      }
    }
  },
};
