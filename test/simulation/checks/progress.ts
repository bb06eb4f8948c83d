import type { ProgressNote } from '../history.ts';
import type { Check, Report } from './check.ts';

/** A consumer that says it has handled a commit has its row at that version, in each written generation, or has parked its stream. */
export const progressCheck: Check = {
  name: 'progress is never overstated',
  judge: ({ history: { progress } }, report) => {
    for (const note of progress) judgeNote(note, report);
  },
};

/** The publisher writes no rows, so its notes have no versions. */
const withoutRows: ReadonlySet<string> = new Set(['publisher']);

function judgeNote({ atMs, consumer, shardId, handled, rowVersions }: ProgressNote, report: Report): void {
  if (handled.length === 0 || (withoutRows.has(consumer) && rowVersions.length === 0)) return;
  // Row by row; each with one version for every written generation.
  const generations = rowVersions.length / handled.length;
  if (!Number.isInteger(generations) || generations === 0) {
    report(`${consumer}: ${rowVersions.length} versions are noted for ${handled.length} commits.`, atMs);
    return;
  }
  handled.forEach(({ stream, lastVersion }, index) => {
    const versions = rowVersions.slice(index * generations, (index + 1) * generations);
    for (const version of versions) {
      if (version === 'parked' || version >= lastVersion) continue;
      const behind = `${stream} is handled up to version ${lastVersion}, but its row is at ${version}`;
      report(`${consumer} says about ${shardId} that ${behind}.`, atMs);
    }
  });
}
