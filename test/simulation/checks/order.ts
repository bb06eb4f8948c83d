import type { Check } from './check.ts';
import type { PlacedCommit } from './stream-story.ts';
import { commitWords, wordsOf } from './words.ts';

/** A command that was answered before another one began comes before it on their stream. */
export const orderCheck: Check = {
  name: 'later commands have later versions',
  judge: ({ history: { operations }, streams }, report) => {
    for (const { commits } of streams.values()) {
      // From the end: the commit of all later ones that was answered first.
      let answered: PlacedCommit | undefined;
      for (const placed of commits.toReversed()) {
        const { owner, ackedMs } = placed;
        if (owner?.by !== 'operation') continue;
        const operation = operations[owner.index];
        const sentMs = operation?.attempts[0]?.sentMs ?? Number.POSITIVE_INFINITY;
        if (operation && answered && (answered.ackedMs ?? Number.POSITIVE_INFINITY) < sentMs) {
          const after = `${commitWords(answered.commit)} was answered before it was sent`;
          report(`${wordsOf(operation)} is ${commitWords(placed.commit)}, but ${after}.`, sentMs);
        }
        if (ackedMs !== undefined && ackedMs < (answered?.ackedMs ?? Number.POSITIVE_INFINITY))
          answered = placed;
      }
    }
  },
};
