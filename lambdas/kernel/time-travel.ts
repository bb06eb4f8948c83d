import { type ChainEnd, endOf, requireContinues } from './chain.ts';
import { type Commit, type Recorded, recordedEvents, type StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';
import type { FoldableCommit } from './fold.ts';
import { isOutage } from './outage.ts';
import type { PointInTime } from './point-in-time.ts';
import type { RowForm, SealedEnd, SealedHistory, SealedPast } from './sealed-history.ts';

/** The state of a stream at a point in time. */
export interface StateAt<State> {
  readonly state: State;
  /** Version of the stream at that point; 0 if it did not exist yet. */
  readonly version: number;
}

/** The part of sealed history that questions about the past read. */
export type SealedPasts = Pick<SealedHistory, 'past' | 'fits' | 'doubt' | 'noteUnsealed'>;

/** What questions about the past read. */
export interface PastSources {
  readonly log: Pick<EventLog, 'read'>;
  /** Default: none, the log is read from the start. */
  readonly sealed?: SealedPasts | undefined;
}

/** How a state is folded. */
export interface PastFold<State, Event extends DomainEvent> {
  readonly initial: State;
  readonly apply: (state: State, event: Recorded<Event>) => State;
  /** Which of the stored rows are states of this fold. Default: none of them. */
  readonly form?: RowForm;
}

/**
 * The state of a stream at a point in time. The caller makes sure that an instant is settled (`CommitClock.untilSettled`):
 * only then does the answer never change. For a version after the last it returns the newest state, with its version.
 * It starts with the last stored row before the point, if there is one, and otherwise reads the history from the start. Throws
 * `unreadable-event` and `log-changed`.
 */
export async function stateAt<State, Event extends DomainEvent>(
  { log, sealed }: PastSources,
  events: EventDefinitions<Event>,
  stream: StreamName,
  point: PointInTime,
  fold: PastFold<State, Event>,
): Promise<StateAt<State>> {
  const walk = () => new Walk(events, stream, point, fold);
  const past = fold.form && (await sealed?.past(stream, point, fold.form));
  if (!sealed || !past) return fromLog(walk(), log, fold.form && sealed);
  try {
    const found = await fromPast(sealed, past, log, walk());
    return found ?? (await fromLog(walk(), log, sealed));
  } catch (error) {
    // Reading the whole log would not help.
    if (isOutage(error)) throw error;
    const found = await fromLog(walk(), log, sealed);
    // Only now it is known that what is sealed is wrong, and not the log.
    await sealed.doubt(stream, error);
    return found;
  }
}

/** The state, from the log alone. */
async function fromLog<State, Event extends DomainEvent>(
  walk: Walk<State, Event>,
  log: Pick<EventLog, 'read'>,
  sealed: SealedPasts | undefined,
): Promise<StateAt<State>> {
  await walk.followLog(log);
  await sealed?.noteUnsealed(walk.stream, walk.result.version);
  return walk.result;
}

/** The state, from a stored row on. Undefined, or an error that is no outage: the log must be read instead. */
async function fromPast<State, Event extends DomainEvent>(
  sealed: SealedPasts,
  past: SealedPast,
  log: Pick<EventLog, 'read'>,
  walk: Walk<State, Event>,
): Promise<StateAt<State> | undefined> {
  let last: SealedEnd = past;
  walk.begin(past.row as State, past);
  for await (const part of past.parts) {
    last = part;
    walk.follow(part.commits);
    if (walk.isOver) break;
    walk.end = part;
  }
  if (!(await sealed.fits(walk.stream, last))) return undefined;
  const { version } = walk.result;
  if (!walk.isOver) await walk.followLog(log);
  await sealed.noteUnsealed(walk.stream, walk.result.version - version);
  return walk.result;
}

/** Folds a stream up to a point. */
class Walk<State, Event extends DomainEvent> {
  /** True when the point is reached. */
  isOver = false;
  /** Where the next commit of the log must continue. */
  end: ChainEnd = { version: 0, hash: undefined };
  readonly stream: StreamName;
  #state: State;
  #version = 0;
  readonly #events: EventDefinitions<Event>;
  readonly #point: PointInTime;
  readonly #fold: PastFold<State, Event>;

  constructor(
    events: EventDefinitions<Event>,
    stream: StreamName,
    point: PointInTime,
    fold: PastFold<State, Event>,
  ) {
    this.stream = stream;
    this.#events = events;
    this.#point = point;
    this.#fold = fold;
    this.#state = fold.initial;
  }

  get result(): StateAt<State> {
    return { state: this.#state, version: this.#version };
  }

  begin(state: State, end: ChainEnd): void {
    this.#state = state;
    this.end = end;
    this.#version = end.version;
  }

  /** Folds commits that follow. */
  follow(commits: readonly FoldableCommit[]): void {
    const point = this.#point;
    for (const commit of commits) {
      // The times of a stream's commits never decrease, so the first commit after the point ends the search.
      this.isOver ||= 'at' in point ? commit.committedAt > point.at : commit.version > point.version;
      if (this.isOver) return;
      for (const event of recordedEvents(commit)) {
        this.isOver = 'version' in point && event.version > point.version;
        if (this.isOver) return;
        this.#state = this.#fold.apply(this.#state, readEvent(this.#events, this.stream, event));
        this.#version = event.version;
      }
    }
  }

  /** Folds the commits of the log after `end`. */
  async followLog(log: Pick<EventLog, 'read'>): Promise<void> {
    const fromVersion = this.end.version + 1;
    const point = this.#point;
    // The commit after the point is read too: it proves the one before it.
    const range = 'at' in point ? { fromVersion } : { fromVersion, toVersion: point.version + 1 };
    for await (const page of log.read(this.stream, range)) {
      for (const commit of page) {
        this.#continueBy(commit);
        this.follow([commit]);
        if (this.isOver) return;
      }
    }
  }

  #continueBy(commit: Commit): void {
    requireContinues(commit, this.end);
    this.end = endOf(commit);
  }
}
