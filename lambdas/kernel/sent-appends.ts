import type { Hydrated } from './catch-up.ts';
import type { Commit } from './commit.ts';
import { EventSourcingError } from './errors.ts';

/** A command is given up after this number of appends that were cut off. */
const maxCutOffs = 3;

/**
 * The appends of one command. One that was cut off can still be carried out later, until another commit is at the place of one
 * of its commits. So a command must not end, in any other way than with its own commit, before that.
 */
export class SentAppends {
  readonly #eventIds = new Set<string | undefined>();
  #pending: (readonly Commit[])[] = [];
  #cutOffs = 0;

  /** Notes an append, before it is sent. */
  note(commits: readonly Commit[]): void {
    for (const { events } of commits) this.#eventIds.add(events[0]?.id);
  }

  /** Notes that an append was cut off. */
  noteCutOff(commits: readonly Commit[]): void {
    this.#cutOffs += 1;
    this.#pending.push(commits);
  }

  /** True if this commit is from one of these appends. */
  hasMade({ events }: Commit): boolean {
    return this.#eventIds.has(events[0]?.id);
  }

  /** Forgets the appends that can no longer be carried out, because these streams have passed the place of a commit. */
  forgetImpossible(streams: readonly Hydrated<unknown>[]): void {
    this.#pending = this.#pending.filter(
      (commits) =>
        !commits.some((commit) =>
          streams.some(({ stream, version }) => stream === commit.stream && version >= commit.version),
        ),
    );
  }

  /** Throws `unknown-outcome` if too many appends were cut off and one of them can still be carried out. */
  requireHope(): void {
    if (this.#cutOffs >= maxCutOffs) this.requireNone();
  }

  /** Throws `unknown-outcome` if an append can still be carried out. `cause`: what ends the command otherwise. */
  requireNone(cause?: unknown): void {
    const [commit] = this.#pending[0] ?? [];
    if (commit === undefined) return;
    throw new EventSourcingError(
      'unknown-outcome',
      commit.stream,
      `${this.#cutOffs} appends were cut off. The command may have been committed. Retry with the same key.`,
      { cause },
    );
  }
}
