import type { ProgressNote } from '../history.ts';
import type { Check, Report } from './check.ts';

/** A consumer that says it has handled a commit has its row at that version, in each written generation, or has parked its stream. */
export const progressCheck: Check = {
  name: 'progress is never overstated',
  judge: ({ history: { progress } }, report) => {
    for (const note of progress) judgeNote(note, report);
  },
};

function judgeNote({ atMs, consumer, shardId, handled, rowVersions }: ProgressNote, report: Report): void {
  if (rowVersions.length !== handled.length) {
    report(`${consumer}: ${rowVersions.length} versions are noted for ${handled.length} commits.`, atMs);
  }
  handled.forEach(({ stream, lastVersion }, index) => {
    const version = rowVersions[index];
    if (version === undefined || version === 'parked' || version >= lastVersion) return;
    const behind = `${stream} is handled up to version ${lastVersion}, but its row is at ${version}`;
    report(`${consumer} says about ${shardId} that ${behind}.`, atMs);
  });
}
