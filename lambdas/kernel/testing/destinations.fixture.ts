import { type Commit, categoryOfStream } from '../commit.ts';
import { Destination } from '../destination.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemoryWaitingRoom } from '../memory/memory-waiting-room.ts';
import { type CommitPublisher, ownTraceparent, type StreamPosition } from '../publishing.ts';
import { batchSources } from './batches.fixture.ts';
import { simulatedEffects } from './simulated-effects.ts';

/** What a destination does with a commit. A text is the code of a refusal for good. */
type Answer = 'accept' | 'defer' | (string & {});

/** A destination whose answers a spec decides. */
export class FakeDestination implements CommitPublisher {
  /** Place of each accepted commit. */
  readonly accepted: string[] = [];
  /** Place and trace context of each accepted commit. */
  readonly contexts: [place: string, traceparent: string | undefined][] = [];
  /** Number of attempts that were allowed, for each call. */
  readonly attempts: number[] = [];
  /** Whether it answers calls although it defers all commits. */
  answersAlways = false;
  /** Decides about each commit. */
  answer: (commit: Commit) => Answer = () => 'accept';
  #sequence = 0;
  readonly #kind: 'queue' | 'event stream';

  /** `kind`: an event stream returns positions. */
  constructor(kind: 'queue' | 'event stream' = 'queue') {
    this.#kind = kind;
  }

  async publish(commits: readonly Commit[], maxAttempts: number, traceparentOf = ownTraceparent) {
    this.attempts.push(maxAttempts);
    const answers = commits.map((commit) => ({ commit, answer: this.answer(commit) }));
    const accepted = answers.filter(({ answer }) => answer === 'accept');
    this.accepted.push(...accepted.map(({ commit }) => placeOf(commit)));
    for (const { commit } of accepted) this.contexts.push([placeOf(commit), traceparentOf(commit)]);
    const deferred = answers.filter(({ answer }) => answer === 'defer').map(({ commit }) => commit);
    return {
      deferred,
      refused: answers
        .filter(({ answer }) => answer !== 'accept' && answer !== 'defer')
        .map(({ commit, answer }) => ({ commit, code: answer })),
      answered: this.answersAlways || deferred.length < commits.length,
      error: deferred.length > 0 ? new Error('It is down.') : undefined,
      positions: this.#kind === 'queue' ? [] : accepted.map(({ commit }) => this.#position(commit)),
    };
  }

  #position({ stream, committedAt }: Commit): StreamPosition {
    this.#sequence += 1;
    const category = categoryOfStream(stream);
    return { category, shardId: 'shard-0', sequenceNumber: String(this.#sequence), committedAt };
  }
}

/** `ledger/a@1` */
export function placeOf({ stream, version }: Pick<Commit, 'stream' | 'version'>): string {
  return `${stream}@${version}`;
}

/** Everything that the publisher's handlers need, in memory, with one destination that takes all commits. */
export function publisherSources(eventTypes?: ReadonlySet<string>) {
  const effects = simulatedEffects();
  const fake = new FakeDestination(eventTypes ? 'queue' : 'event stream');
  const destination = new Destination({
    name: 'there',
    publisher: fake,
    ...(eventTypes && { eventTypes }),
    effects,
  });
  const dependencies = {
    ...batchSources(),
    log: new MemoryEventLog(),
    waitingRoom: new MemoryWaitingRoom(),
    effects,
    requirePublishable: ({ committedAt }: Commit) => {
      if (committedAt === 'unpublishable') throw new Error('The commit cannot be published.');
    },
  };
  const parked = async () => dependencies.parkingLot.list('publisher/there', { limit: 1_000 });
  const waiting = async () => (await dependencies.waitingRoom.oldest('there', 1_000)).map(placeOf);
  /** Moves the clock, in ms. */
  const wait = (ms: number) => {
    effects.clock.now = new Date(Date.parse(effects.clock.now) + ms).toISOString();
  };
  return { effects, fake, destination, dependencies, parked, waiting, wait };
}
