import type { Commit } from '../commit.ts';

/** Maximum number of events in a segment. A commit with more is a segment by itself. */
export const segmentMaxEvents = 1_000;
/** Maximum size of the events of a segment as JSON, in bytes. A larger commit is a segment by itself. */
const segmentMaxBytes = 380_000;

/**
 * Cuts the commits of a stream into segments, at the ends of commits. The cut depends on the commits alone, so each one who
 * cuts a stream makes the same segments.
 */
export class SegmentCutter {
  #commits: Commit[] = [];
  #events = 0;
  #bytes = 0;

  /** Adds the next commit. Returns the segments that are complete now: none, one or two. */
  add(commit: Commit): (readonly Commit[])[] {
    const bytes = Buffer.byteLength(JSON.stringify(commit.events));
    const complete: (readonly Commit[])[] = [];
    const fits =
      this.#events + commit.events.length <= segmentMaxEvents && this.#bytes + bytes <= segmentMaxBytes;
    if (!fits && this.#commits.length > 0) complete.push(this.#take());
    this.#commits.push(commit);
    this.#events += commit.events.length;
    this.#bytes += bytes;
    if (this.#events >= segmentMaxEvents || this.#bytes >= segmentMaxBytes) complete.push(this.#take());
    return complete;
  }

  #take(): readonly Commit[] {
    const commits = this.#commits;
    this.#commits = [];
    this.#events = 0;
    this.#bytes = 0;
    return commits;
  }
}

/** Whether a commit crosses a multiple of the number of events in a segment: there is something to seal. */
export function crossesSegment({ version, events }: Pick<Commit, 'version' | 'events'>): boolean {
  const last = version + events.length - 1;
  return Math.floor((version - 1) / segmentMaxEvents) < Math.floor(last / segmentMaxEvents);
}
