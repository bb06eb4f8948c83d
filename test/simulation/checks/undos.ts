import type { Check } from './check.ts';

/** An undo that was answered has made the other generation active: it is not carried out twice. */
export const undosCheck: Check = {
  name: 'an undo is carried out once',
  judge: ({ history: { undos = [] } }, report) => {
    for (const { atMs, readModel, before, after } of undos) {
      if (before === after) report(`After an undo, ${after} of ${readModel} was active, as before.`, atMs);
    }
  },
};
