import type { Hydrated } from './catch-up.ts';
import { CommandIdentity } from './command-identity.ts';
import { CommandKeys } from './command-keys.ts';
import type { CommandRequest, CommandResult, Targets } from './command-request.ts';
import { type Commit, lastVersionOf, placeOfCommit, type StreamName, streamName } from './commit.ts';
import { appendMaxMs, CommitClock } from './commit-clock.ts';
import { commitsOf, type Decided, type DecidedAll, decideAll, withEvents } from './decide.ts';
import type { Decider, DomainEvent } from './decider.ts';
import { earlierTargets } from './earlier-identity.ts';
import type { Effects } from './effects.ts';
import { EventSourcingError, isEventSourcingError } from './errors.ts';
import { requireValidEvents } from './event-definitions.ts';
import type { AppendResult } from './event-log.ts';
import type { HydrateSources } from './hydrate.ts';
import { Hydrator } from './hydrator.ts';
import { findRepeated } from './idempotency.ts';
import { type AddDetails, type Observer, type StepDetails, silentObserver } from './observer.ts';
import { backoff, type RetryPolicy } from './retry.ts';
import { hasPersonalFields } from './seal-personal.ts';
import { SentAppends } from './sent-appends.ts';
import type { SubjectKeys } from './subject-keys.ts';

/** What a command handler needs. */
export interface CommandHandlerOptions<State, Command, Event extends DomainEvent, Answer>
  extends HydrateSources<Event> {
  readonly decider: Decider<State, Command, Event>;
  /**
   * What a command answers besides id and version, from the new state and the time of the command.
   * Plain JSON: it is stored with the commit, in clear. So it has nothing personal.
   */
  readonly answer: (state: State, now: string) => Answer;
  /** Number of events between snapshots. */
  readonly snapshotThreshold: number;
  readonly effects: Effects;
  /** Stamps the commits. Default: one on the clock of `effects`, without measurements. */
  readonly clock?: CommitClock;
  /** Attempts when another writer commits first. Default, each field by itself: {@link defaultCommandRetry}. */
  readonly retry?: Partial<RetryPolicy>;
  /** Default: none. */
  readonly observer?: Observer;
  /**
   * The data keys of subjects. They are used if the events have personal fields: each stream is then one data subject. Default: none, and
   * a command with a personal value fails.
   */
  readonly keys?: SubjectKeys | undefined;
}

/** 12 attempts; waits of at most 20 ms after the first, and of at most 400 ms later. */
export const defaultCommandRetry: RetryPolicy = { maxAttempts: 12, firstWaitMs: 20, longestWaitMs: 400 };

type AllHydrated<State> = readonly [Hydrated<State>, ...Hydrated<State>[]];

/** What all attempts of one command share, and the number of this one. */
interface Attempted {
  readonly identity: CommandIdentity;
  readonly keys: CommandKeys;
  readonly sent: SentAppends;
  /** From 1. */
  readonly attempt: number;
}

/**
 * Handles the commands of one decider: hydrate, decide, append. When another writer commits first, it catches up and
 * decides again. Idempotent by `commandId`: a command that is already in the log returns its first answer.
 */
export class CommandHandler<State, Command, Event extends DomainEvent, Answer> {
  readonly #options: CommandHandlerOptions<State, Command, Event, Answer>;
  readonly #clock: CommitClock;
  readonly #retry: RetryPolicy;
  readonly #observer: Observer;
  readonly #hydrator: Hydrator<State, Command, Event>;
  /** Undefined if the events have no personal fields. */
  readonly #keys: SubjectKeys | undefined;

  constructor(options: CommandHandlerOptions<State, Command, Event, Answer>) {
    this.#options = options;
    this.#clock = options.clock ?? new CommitClock(options.effects);
    this.#retry = { ...defaultCommandRetry, ...options.retry };
    this.#observer = options.observer ?? silentObserver;
    this.#hydrator = new Hydrator({ ...options, observer: this.#observer });
    this.#keys = hasPersonalFields(options.events) ? options.keys : undefined;
  }

  /**
   * Handles a command on the given streams: commits to all of them or to none. The result is about the first.
   * If the release before carried it out on a stream with another derived id, the result is about that stream.
   * An append that was cut off counts as an attempt: its place is read again, and taken if it is free.
   * Throws `version-mismatch`, `idempotency-key-reused`, `already-carried-out`, `contention`, `unknown-outcome`, `clock-off`,
   * `commit-too-large`, `erased` or `unreadable-event`, and an outage of the log or of the keys.
   */
  async handle(targets: Targets<Command, State>, request: CommandRequest): Promise<CommandResult<Answer>> {
    const { category } = this.#options.decider;
    const ids = targets.map(({ id }) => id);
    const keys = new CommandKeys(this.#keys);
    const identity = new CommandIdentity({ category, ids, request, keys });
    let hydrated = await this.#hydrate(ids, keys);
    const earlier = await earlierTargets(this.#options.log, category, targets, hydrated, request);
    if (earlier) return this.handle(earlier, request);
    const sent = new SentAppends();
    const requireNone = (error: unknown): never => {
      // These errors say that nothing was written.
      if (isEventSourcingError(error)) sent.requireNone(error);
      throw error;
    };
    for (let attempt = 1; ; attempt += 1) {
      const attempted = { identity, keys, sent, attempt };
      const result = await this.#attempt(targets, hydrated, request, attempted).catch(requireNone);
      if (result !== 'conflict' && result !== 'unknown') return result;
      this.#observer.count(result === 'conflict' ? 'Conflicts' : 'CutOffs');
      if (attempt >= this.#retry.maxAttempts) {
        sent.requireNone();
        throw contention(hydrated[0], attempt);
      }
      // The place of an append that was cut off must be taken before its request is carried out late.
      if (result === 'conflict') await backoff(attempt, this.#retry, this.#options.effects);
      this.#observer.event('retry', { attempt: attempt + 1 });
      hydrated = await this.#catchUp(hydrated, keys).catch(requireNone);
    }
  }

  async #attempt(
    targets: Targets<Command, State>,
    hydrated: AllHydrated<State>,
    request: CommandRequest,
    attempted: Attempted,
  ): Promise<CommandResult<Answer> | 'conflict' | 'unknown'> {
    const { log } = this.#options;
    const { identity, keys, sent } = attempted;
    const [{ id }] = targets;
    const catchUp = async (stale: Hydrated<State>) => (await this.#catchUp([stale], keys))[0];
    sent.forgetImpossible(hydrated);
    // 1. A retry of a command that has committed returns its first answer.
    const repeated = await findRepeated({ log, catchUp }, hydrated, identity, request);
    if (repeated) {
      // Or it is from an append of this request whose answer was lost.
      const outcome = sent.hasMade(repeated) ? 'committed' : 'repeated';
      this.#observer.count(outcome === 'committed' ? 'Commands' : 'RepeatedCommands');
      if (outcome === 'repeated') this.#observer.event('repeated', { commit: placeOfCommit(repeated) });
      const [version, created] = [lastVersionOf(repeated), repeated.version === 1];
      return { outcome, id, version, created, answer: JSON.parse(repeated.answer) };
    }
    sent.requireHope();
    // 2. The caller may have named the version that it expects.
    requireExpectedVersion(hydrated[0], request);
    // 3. Decide.
    const decided = await this.#decide(targets, hydrated);
    if ('rejection' in decided) {
      sent.requireNone();
      this.#observer.count('Refusals');
      return { outcome: 'rejected', rejection: decided.rejection };
    }
    // 4. Append.
    const outcome = await this.#commit(decided, request, attempted);
    if (outcome === 'conflict' || outcome === 'unknown') return outcome;
    if (outcome === 'committed') this.#observer.count('Commands');
    return { outcome, id, ...this.#summary(decided[0], request) };
  }

  #decide(targets: Targets<Command, State>, hydrated: AllHydrated<State>) {
    const decide = async (add: AddDetails) => {
      const decided = decideAll(this.#options.decider, targets, hydrated);
      if ('rejection' in decided) this.#observer.event('refused', { code: decided.rejection.code });
      else add({ events: numberOfEvents(decided) });
      return decided;
    };
    return this.#observer.step('decide', decide, { stream: hydrated[0].stream });
  }

  /** Creates the keys that are missing, then appends. Keeps the states after the commits. */
  async #commit(
    decided: DecidedAll<State, Event>,
    request: CommandRequest,
    attempted: Attempted,
  ): Promise<'committed' | 'unchanged' | 'conflict' | 'unknown'> {
    const { events, log } = this.#options;
    const { keys, sent } = attempted;
    const changed = withEvents(decided);
    for (const own of changed) requireValidEvents(events, own.events);
    await keys.create(
      changed.map(({ hydrated }) => hydrated),
      log,
    );
    if (changed.length === 0) {
      // A wrong clock can also decide wrongly that nothing happens.
      this.#clock.stamp(decided[0].hydrated.stream);
      sent.requireNone();
      return 'unchanged';
    }
    const { result, commits } = await this.#append(decided, request, attempted);
    if (result === 'unknown') sent.noteCutOff(commits);
    if (result !== 'appended') return result;
    await Promise.all(
      decided.map(async ({ hydrated, state }) => {
        const commit = commits.find(({ stream }) => stream === hydrated.stream);
        if (commit) await this.#hydrator.keep(hydrated, state, commit);
      }),
    );
    return 'committed';
  }

  /** Creates the commits inside the step that appends them, because they carry its trace context, and appends them. */
  #append(decided: DecidedAll<State, Event>, request: CommandRequest, { attempt, ...attempted }: Attempted) {
    const observer = this.#observer;
    const append = async () => {
      const traceparent = observer.traceparent() ?? request.traceparent;
      const sources = { ...this.#options, clock: this.#clock };
      const commits = commitsOf(sources, decided, { ...request, traceparent }, attempted);
      attempted.sent.note(commits);
      const result = await this.#appendTimed(commits);
      if (result === 'conflict') observer.event('conflict', { attempt });
      if (result === 'unknown') observer.event('cut-off', { attempt });
      return { result, commits };
    };
    return observer.step('append', append, appendDetails(withEvents(decided)));
  }

  /** Appends, and reports an append that took longer than answers about the past allow for. */
  async #appendTimed(commits: readonly Commit[]): Promise<AppendResult> {
    const { log, effects } = this.#options;
    const startedAt = effects.now();
    const result = await log.append(commits);
    const durationMs = Date.parse(effects.now()) - Date.parse(startedAt);
    if (result === 'unknown' || durationMs > appendMaxMs) {
      const details = { stream: commits[0]?.stream, result, durationMs, clockOffset: this.#clock.offset };
      this.#observer.warn('An append took too long.', details);
    }
    return result;
  }

  #summary({ hydrated, events, state }: DecidedAll<State, Event>[0], { now }: CommandRequest) {
    return {
      version: hydrated.version + events.length,
      created: hydrated.version === 0 && events.length > 0,
      answer: this.#options.answer(state, now),
    };
  }

  /** Hydrates the streams, and finds their keys at the same time. */
  async #hydrate(ids: readonly string[], keys: CommandKeys): Promise<AllHydrated<State>> {
    const streams = ids.map((id) => streamName(this.#options.decider.category, id));
    return this.#reading(keys, streams[0], async () => {
      const hydrating = Promise.all(streams.map((stream) => this.#hydrator.hydrate(stream)));
      const [all] = await Promise.all([hydrating, keys.find(streams)]);
      return all;
    });
  }

  #catchUp(hydrated: AllHydrated<State>, keys: CommandKeys): Promise<AllHydrated<State>> {
    return this.#reading(keys, hydrated[0].stream, () =>
      Promise.all(hydrated.map((stale) => this.#hydrator.catchUp(stale))),
    );
  }

  async #reading(
    keys: CommandKeys,
    stream: StreamName | undefined,
    read: () => Promise<readonly Hydrated<State>[]>,
  ): Promise<AllHydrated<State>> {
    const hydrate = async (add: AddDetails) => {
      const states = await read();
      await keys.findCreated(states);
      add({ events: states.reduce((sum, { version, readFrom }) => sum + version - readFrom, 0) });
      return states;
    };
    const all = await this.#observer.step('hydrate', hydrate, stream && { stream });
    return all as unknown as AllHydrated<State>;
  }
}

function numberOfEvents(decided: readonly Decided<unknown, unknown>[]): number {
  return decided.reduce((sum, { events }) => sum + events.length, 0);
}

function appendDetails(changed: readonly Decided<unknown, unknown>[]): StepDetails {
  const places = changed.map(({ hydrated }) => ({ stream: hydrated.stream, version: hydrated.version + 1 }));
  return {
    ...(places[0] && { stream: places[0].stream }),
    commits: places.map(placeOfCommit),
    events: numberOfEvents(changed),
  };
}

function requireExpectedVersion(
  { stream, version }: Hydrated<unknown>,
  { expectedVersion }: CommandRequest,
): void {
  if (!expectedVersion || expectedVersion(version)) return;
  throw new EventSourcingError(
    'version-mismatch',
    stream,
    `The stream is at version ${version}, not at the expected version. Re-read it and retry.`,
    { actualVersion: version },
  );
}

function contention({ stream }: Hydrated<unknown>, attempts: number): EventSourcingError {
  return new EventSourcingError(
    'contention',
    stream,
    `Another writer committed first in each of ${attempts} attempts. Nothing was written. Retry.`,
  );
}
