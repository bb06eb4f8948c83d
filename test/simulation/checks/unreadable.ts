import type { NewerCode } from '../history.ts';
import type { Check } from './check.ts';
import { isNewerForm } from './model/newer.ts';
import type { Story } from './story.ts';

/** What a projector parks says so of an event that the code cannot read. */
const unreadablePattern = /schema version/;

/** Events are unreadable only for earlier code: while it runs, and if it was not taught before to read newer events. */
export const unreadableCheck: Check = {
  name: 'only earlier code cannot read newer events',
  judge: (story, report) => {
    const { failures = [], parkings = [] } = story.history;
    for (const { code, context, id, askedMs, answeredMs } of failures) {
      if (code !== 'unreadable-event') continue;
      const reason = missingCause(story, [`${context}/${id}`], askedMs, answeredMs);
      if (reason !== undefined)
        report(`A question about ${context}/${id} failed: ${code}, but ${reason}.`, answeredMs);
    }
    for (const { atMs, consumer, subject, reason } of parkings) {
      if (!unreadablePattern.test(reason)) continue;
      const missing = missingCause(story, [subject], atMs, atMs);
      if (missing !== undefined) report(`${consumer} parked ${subject}: ${reason}, but ${missing}.`, atMs);
    }
  },
};

/** Why an event of these streams cannot have been unreadable between two instants. Undefined: it can. */
export function missingCause(
  { history: { newerCode }, streams }: Story,
  names: readonly string[],
  fromMs: number,
  untilMs: number,
): string | undefined {
  if (newerCode === undefined) return 'no newer code was deployed';
  const wrong = missingOld(newerCode, fromMs);
  if (wrong !== undefined) return wrong;
  const hasNewer = names.some((name) =>
    streams
      .get(name)
      ?.commits.some(({ commit }) => (commit.appendedMs ?? 0) <= untilMs && commit.events.some(isNewerForm)),
  );
  return hasNewer ? undefined : 'no event had a newer form';
}

function missingOld({ isReadBefore, oldUntilMs }: NewerCode, fromMs: number): string | undefined {
  if (isReadBefore) return 'the earlier code could read the newer events';
  return fromMs > oldUntilMs ? 'no earlier code ran any more' : undefined;
}
