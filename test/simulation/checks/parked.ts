import type { Check } from './check.ts';

/** No stream is parked at the end: histories have no event that cannot be folded. */
export const parkedCheck: Check = {
  name: 'nothing is parked without a cause',
  judge: ({ history: { parked } }, report) => {
    for (const { consumer, subject, reason } of parked)
      report(`${consumer} has parked ${subject}: ${reason}`);
  },
};
