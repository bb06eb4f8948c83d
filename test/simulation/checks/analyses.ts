import type { Check } from './check.ts';
import type { Dispense } from './model/dispense.ts';
import { stateAt } from './stream-story.ts';

/** In the end every upload has its result, unless its message failed too often and waits for a person. */
export const analysesCheck: Check = {
  name: 'every upload is analyzed',
  judge: ({ history: { queuesWithFailures }, streams }, report) => {
    if (queuesWithFailures === undefined) return;
    if (['analysis', 'findings'].some((queue) => queuesWithFailures.includes(queue))) return;
    for (const stream of streams.values()) {
      if (stream.context !== 'dispense') continue;
      const { state } = stateAt(stream, stream.lastVersion) as Dispense;
      if (state === 'analyzing') report(`${stream.name} still waits for the result of its upload.`);
    }
  },
};
