import type { Check, Report } from './check.ts';
import type { StreamStory } from './stream-story.ts';
import { commitWords } from './words.ts';

/** Versions are gapless from 1, each is there once, and the times of a stream's commits never decrease. */
export const versionsCheck: Check = {
  name: 'the versions of a stream are gapless, and its times never decrease',
  judge: ({ streams }, report) => {
    for (const stream of streams.values()) judgeStream(stream, report);
  },
};

function judgeStream({ name, commits }: StreamStory, report: Report): void {
  let last = 0;
  for (const [index, { commit, lastVersion }] of commits.entries()) {
    const { version, committedAt, appendedMs } = commit;
    if (commit.events.length === 0)
      report(`The commit at version ${version} of ${name} has no event.`, appendedMs);
    if (version > last + 1)
      report(`Version ${last + 1} of ${name} is missing before ${commitWords(commit)}.`, appendedMs);
    if (version <= last)
      report(`${name} has version ${version} twice: again ${commitWords(commit)}.`, appendedMs);
    const before = commits[index - 1]?.commit;
    if (before && before.committedAt > committedAt) {
      const times = `${committedAt}, the commit before it ${before.committedAt}`;
      report(`${commitWords(commit)} has the time ${times}.`, appendedMs);
    }
    if (before && (before.appendedMs ?? 0) > (appendedMs ?? Number.POSITIVE_INFINITY)) {
      report(`${commitWords(commit)} was appended before the commit in front of it.`, appendedMs);
    }
    last = Math.max(last, lastVersion);
  }
}
