import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { type Commit, type CommitContext, lastVersionOf, type StreamName, streamName } from './commit.ts';
import { type Decider, type DomainEvent, isRejected, type Rejection } from './decider.ts';
import { EventSourcingError } from './errors.ts';
import { currentSchemaVersion, requireValidEvents } from './event-definitions.ts';
import type { Hydrated, HydrateSources } from './hydrate.ts';
import { Hydrator } from './hydrator.ts';
import { type Observer, silentObserver } from './observer.ts';

/** A lost race is decided again at most so often ... */
const maxAttempts = 12;
/** ... after a random wait that doubles from this bound up to the next one. */
const firstWaitMs = 10;
const longestWaitMs = 400;

export interface CommandHandlerOptions<State, Command, Event extends DomainEvent, Answer>
  extends HydrateSources<Event> {
  readonly decider: Decider<State, Command, Event>;
  /**
   * What a command answers beside id and version, from the state it led to and the instant it was carried out.
   * Plain JSON: it is kept with the commit.
   */
  readonly answer: (state: State, now: string) => Answer;
  /** Take a snapshot when so many events have passed since the last. */
  readonly snapshotThreshold: number;
  readonly observer?: Observer;
  /** Ids for new events (default: UUIDv7). */
  readonly newId?: () => string;
}

/** A command and the stream of the decider's category that it is for. */
export interface Addressed<Command, State> {
  readonly id: string;
  /** A function derives the command from the states of all the streams, in the order of the targets: for what only another stream knows. */
  readonly command: Command | ((states: readonly State[]) => Command);
}

export interface CommandRequest extends CommitContext {
  /** The idempotency key, or an id made up for a caller who gave none. */
  readonly commandId: string;
  /**
   * What the caller asked for, as JSON: the same for every try, however it was written, and without the instant.
   * The same `commandId` with another intent is refused.
   */
  readonly intent: unknown;
  /** The instant of the command, ISO 8601, UTC, ms. */
  readonly now: string;
  /** The versions that the caller will accept the first stream to be at (`If-Match`); undefined: any. */
  readonly expectedVersion?: ((version: number) => boolean) | undefined;
}

export type CommandResult<Answer> =
  | {
      /** `repeated`: committed earlier, by a try of this same command. `unchanged`: there was nothing to do. */
      readonly outcome: 'committed' | 'repeated' | 'unchanged';
      readonly id: string;
      /** The version that the first stream reached with this command. */
      readonly version: number;
      /** Whether the command brought the first stream into being. */
      readonly created: boolean;
      readonly answer: Answer;
    }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

interface Decided<State, Event> {
  readonly hydrated: Hydrated<State>;
  readonly events: readonly Event[];
}

/**
 * Carries out commands of one decider: hydrate, decide, append; decide again when another writer was faster.
 * Idempotent by `commandId`: a command that is already in the log answers as it did the first time.
 */
export class CommandHandler<State, Command, Event extends DomainEvent, Answer> {
  readonly #options: CommandHandlerOptions<State, Command, Event, Answer>;
  readonly #observer: Observer;
  readonly #hydrator: Hydrator<State, Command, Event>;

  constructor(options: CommandHandlerOptions<State, Command, Event, Answer>) {
    this.#options = options;
    this.#observer = options.observer ?? silentObserver;
    this.#hydrator = new Hydrator({ ...options, observer: this.#observer });
  }

  /**
   * Carries out one command on each of the given streams, all or none. The answer is that of the first.
   * Throws `version-mismatch`, `idempotency-key-reused`, `contention`, `commit-too-large` or `unreadable-event`.
   */
  async handle(
    targets: readonly [Addressed<Command, State>, ...Addressed<Command, State>[]],
    request: CommandRequest,
  ): Promise<CommandResult<Answer>> {
    const { decider } = this.#options;
    const commandHash = hashOf([decider.category, targets.map(({ id }) => id), request.intent]);
    let hydrated = await this.#hydrateAll(targets);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const repeated = await this.#findRepeated(hydrated, request.commandId, commandHash);
      if (repeated) {
        this.#observer.count('RepeatedCommands');
        return this.#answerAgain(targets[0].id, repeated);
      }
      this.#checkExpectedVersion(hydrated, request);
      const decided = await this.#observer.step('decide', async () => this.#decideAll(targets, hydrated));
      if ('rejection' in decided) {
        this.#observer.count('Refusals');
        return { outcome: 'rejected', rejection: decided.rejection };
      }
      const result = await this.#commit(decided, request, commandHash);
      if (result) {
        if (result.outcome === 'committed') this.#observer.count('Commands');
        return { ...result, id: targets[0].id };
      }
      this.#observer.count('Conflicts');
      await delay(Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** attempt));
      hydrated = await this.#observer.step('hydrate', () =>
        Promise.all(hydrated.map((stale) => this.#hydrator.catchUp(stale))),
      );
    }
    throw new EventSourcingError(
      'contention',
      streamName(decider.category, targets[0].id),
      `Other commands on this stream were faster ${maxAttempts} times in a row; nothing was written. Try again.`,
    );
  }

  #hydrateAll(targets: readonly Addressed<Command, State>[]): Promise<Hydrated<State>[]> {
    const { category } = this.#options.decider;
    return this.#observer.step('hydrate', () =>
      Promise.all(targets.map(({ id }) => this.#hydrator.hydrate(streamName(category, id)))),
    );
  }

  /** The first stream's commit of this very command, if an earlier try got through. */
  async #findRepeated(
    hydrated: readonly Hydrated<State>[],
    commandId: string,
    commandHash: string,
  ): Promise<Commit | undefined> {
    const [first, ...others] = hydrated;
    if (!first) return undefined;
    const found = await this.#findIn(first, commandId, commandHash);
    if (found) return found;
    for (const other of others) {
      if (!(await this.#findIn(other, derivedCommandId(first.stream, commandId), commandHash))) continue;
      // The other stream was read after the earlier try had committed, the first before: there it is by now.
      return this.#findIn(await this.#hydrator.catchUp(first), commandId, commandHash);
    }
    return undefined;
  }

  /** The stream's commit of this very command. Throws `idempotency-key-reused` for that of another under its id. */
  async #findIn(
    { stream, commands }: Hydrated<State>,
    commandId: string,
    commandHash: string,
  ): Promise<Commit | undefined> {
    for (const version of commands.candidates(commandId)) {
      const commit = await this.#options.log.readCommit(stream, version);
      if (commit?.commandId !== commandId) continue;
      if (commit.commandHash === commandHash) return commit;
      throw new EventSourcingError(
        'idempotency-key-reused',
        stream,
        'This idempotency key was already used for a different command. Use a new key for a new command.',
      );
    }
    return undefined;
  }

  #answerAgain(id: string, commit: Commit): CommandResult<Answer> {
    return {
      outcome: 'repeated',
      id,
      version: lastVersionOf(commit),
      created: commit.version === 1,
      answer: JSON.parse(commit.answer),
    };
  }

  #checkExpectedVersion(hydrated: readonly Hydrated<State>[], request: CommandRequest): void {
    const [first] = hydrated;
    if (!first || !request.expectedVersion || request.expectedVersion(first.version)) return;
    throw new EventSourcingError(
      'version-mismatch',
      first.stream,
      `The version you named is not the current one, which is ${first.version}. Read it again and decide anew.`,
      { actualVersion: first.version },
    );
  }

  #decideAll(
    targets: readonly Addressed<Command, State>[],
    hydrated: readonly Hydrated<State>[],
  ): Decided<State, Event>[] | { rejection: Rejection } {
    const states = hydrated.map(({ state }) => state);
    const decided: Decided<State, Event>[] = [];
    for (const [index, { command }] of targets.entries()) {
      const stream = hydrated[index] as Hydrated<State>;
      const decision = this.#options.decider.decide(
        isDerived(command) ? command(states) : command,
        stream.state,
      );
      if (isRejected(decision)) return decision;
      decided.push({ hydrated: stream, events: decision });
    }
    return decided;
  }

  /** Appends the decided events; undefined when another writer committed first. */
  async #commit(decided: readonly Decided<State, Event>[], request: CommandRequest, commandHash: string) {
    const { decider, answer, log } = this.#options;
    const after = decided.map(({ hydrated, events }) => ({
      hydrated,
      events,
      state: events.reduce(decider.evolve, hydrated.state),
    }));
    for (const { events } of after) requireValidEvents(this.#options.events, events);
    const [first] = after as [(typeof after)[number]];
    const commits = after
      .filter(({ events }) => events.length > 0)
      .map((one) => {
        const isFirst = one.hydrated.stream === first.hydrated.stream;
        const commandId = isFirst
          ? request.commandId
          : derivedCommandId(first.hydrated.stream, request.commandId);
        const kept = { commandId, commandHash, answer: JSON.stringify(answer(one.state, request.now)) };
        return this.#commitOf(one, kept, request);
      });
    const result = {
      version: first.hydrated.version + first.events.length,
      created: first.hydrated.version === 0 && first.events.length > 0,
      answer: answer(first.state, request.now),
    };
    if (commits.length === 0) return { ...result, outcome: 'unchanged' as const };
    const appended = await this.#observer.step('append', () => log.append(commits));
    if (appended === 'conflict') return undefined;
    await Promise.all(
      after.map(async ({ hydrated, state }) => {
        const commit = commits.find(({ stream }) => stream === hydrated.stream);
        if (commit) await this.#hydrator.keep(hydrated, state, commit);
      }),
    );
    return { ...result, outcome: 'committed' as const };
  }

  #commitOf(
    { hydrated, events }: Decided<State, Event>,
    kept: Pick<Commit, 'commandId' | 'commandHash' | 'answer'>,
    request: CommandRequest,
  ): Commit {
    const { newId = uuidv7 } = this.#options;
    const { correlationId, causationId, actor, traceparent, now } = request;
    return {
      stream: hydrated.stream,
      version: hydrated.version + 1,
      events: events.map(({ type, data }) => ({
        id: newId(),
        type,
        schemaVersion: currentSchemaVersion(this.#options.events, type),
        data,
      })),
      ...kept,
      // Clocks of two Lambdas differ: a stream's time still never goes back.
      committedAt:
        hydrated.committedAt !== undefined && hydrated.committedAt > now ? hydrated.committedAt : now,
      correlationId,
      causationId,
      actor,
      traceparent,
    };
  }
}

/**
 * The id of a command on the streams beside its first: a key belongs to the stream it was sent to. It is neither taken
 * for a key that somebody sent to the other stream, nor shown to its owner.
 */
function derivedCommandId(first: StreamName, commandId: string): string {
  return createHash('sha256').update(`${first} ${commandId}`).digest('base64url');
}

function isDerived<Command, State>(
  command: Addressed<Command, State>['command'],
): command is (states: readonly State[]) => Command {
  return typeof command === 'function';
}

function hashOf(intent: unknown): string {
  return createHash('sha256').update(JSON.stringify(intent)).digest('base64url');
}
