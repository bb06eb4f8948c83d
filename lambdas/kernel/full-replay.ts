import { type CatchUpSources, catchUp, type Hydrated } from './catch-up.ts';
import type { Commit, StreamName } from './commit.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { readEvent } from './event-definitions.ts';
import type { EventLog, ReadRange } from './event-log.ts';
import { isOutage } from './outage.ts';
import { RecentCommands } from './recent-commands.ts';
import type { SealedHistory, SealedStream } from './sealed-history.ts';

/** So many commits are read from the log before anybody looks for segments: most streams are not longer. */
const beginningCommits = 100;
/** After the page with so many events nobody reads on: a stream of large commits has segments from here on. */
const beginningEvents = 1_000;

/** Reads the beginning of a stream from the log: a page, or more if pages are small. */
export class Beginning {
  readonly #log: Pick<EventLog, 'read'>;
  /** After reading: whether the stream ended there. */
  isWhole = true;

  constructor(log: Pick<EventLog, 'read'>) {
    this.#log = log;
  }

  async *read(stream: StreamName, range: ReadRange = {}): AsyncIterable<readonly Commit[]> {
    let [commits, events] = [0, 0];
    for await (const page of this.#log.read(stream, { ...range, pageSize: beginningCommits })) {
      yield page;
      commits += page.length;
      for (const commit of page) events += commit.events.length;
      if (commits >= beginningCommits || events >= beginningEvents) {
        this.isWhole = false;
        return;
      }
    }
  }
}

/**
 * Folds a whole stream: its beginning from the log, then its segments, then the rest from the log. If anything in the segments
 * contradicts the log or cannot be folded, it folds the log alone. Throws like `catchUp`.
 */
export async function fullReplay<State, Command, Event extends DomainEvent>(
  sources: CatchUpSources<State, Event> & { readonly sealed?: SealedHistory | undefined },
  decider: Decider<State, Command, Event>,
  start: Hydrated<State>,
): Promise<Hydrated<State>> {
  const { sealed, log } = sources;
  if (sealed === undefined) return catchUp(sources, decider, start);
  const beginning = new Beginning(log);
  const begun = await catchUp({ ...sources, log: beginning }, decider, start);
  if (beginning.isWhole) return begun;
  const { stream } = start;
  const opened = await sealed.open(stream);
  if (opened === undefined || opened.version <= begun.version) {
    return rest({ ...sources, sealed }, decider, begun);
  }
  try {
    const reached = await foldSealed(sources, decider, begun, opened);
    return await rest({ ...sources, sealed }, decider, reached);
  } catch (error) {
    // Reading the log would not help.
    if (isOutage(error)) throw error;
    const folded = await catchUp(sources, decider, begun);
    await sealed.doubt(stream, error);
    return folded;
  }
}

/** Folds the rest from the log. */
async function rest<State, Command, Event extends DomainEvent>(
  sources: CatchUpSources<State, Event> & { readonly sealed: SealedHistory },
  decider: Decider<State, Command, Event>,
  reached: Hydrated<State>,
): Promise<Hydrated<State>> {
  const hydrated = await catchUp(sources, decider, reached);
  await sources.sealed.noteUnsealed(reached.stream, hydrated.version - reached.version);
  return hydrated;
}

/** Folds the segments as far as they can be used. The commands are those at the end of what is sealed. */
async function foldSealed<State, Command, Event extends DomainEvent>(
  { events }: Pick<CatchUpSources<State, Event>, 'events'>,
  decider: Decider<State, Command, Event>,
  begun: Hydrated<State>,
  opened: SealedStream,
): Promise<Hydrated<State>> {
  let { state, version, hash, committedAt } = begun;
  const { stream } = begun;
  for await (const part of opened.read(begun)) {
    for (const commit of part.commits) {
      for (const event of commit.events) state = decider.evolve(state, readEvent(events, stream, event));
    }
    ({ version, hash } = part);
    committedAt = part.commits.at(-1)?.committedAt;
  }
  return { ...begun, state, version, hash, committedAt, commands: RecentCommands.fromBytes(opened.commands) };
}
