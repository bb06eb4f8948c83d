import { Circuit } from './circuit.ts';
import type { Commit } from './commit.ts';
import type { Effects } from './effects.ts';
import type { CommitPublisher, SendResult, TraceparentOf } from './publishing.ts';

/** The name of the event stream as a destination. No queue may have it. */
export const eventStreamName = 'event-stream';

/** Attempts for each commit while a destination works. Later ones wait up to 0.8 s. */
const maxAttempts = 4;

/** A destination of the publisher. */
export interface DestinationProps {
  /** {@link eventStreamName}, or the name of the queue. */
  readonly name: string;
  readonly publisher: CommitPublisher;
  /** It takes the commits with at least one event of these types. Default: all commits. */
  readonly eventTypes?: ReadonlySet<string>;
  /** It takes the commits for which this is true. Default: all commits, or those with the event types. */
  readonly takes?: (commit: Pick<Commit, 'version' | 'events'>) => boolean;
  readonly effects: Pick<Effects, 'now'>;
}

/** The result of {@link Destination.send}. */
export interface Sent extends SendResult {
  /** Whether it accepted a commit. */
  readonly works: boolean;
}

/** A destination of the publisher, and what this process knows about it. */
export class Destination {
  readonly name: string;
  /** False if this process knows that no commit waits for the destination. */
  mayWait = true;
  readonly #publisher: CommitPublisher;
  readonly #takes: (commit: Pick<Commit, 'version' | 'events'>) => boolean;
  readonly #circuit: Circuit;

  constructor({ name, publisher, eventTypes, takes, effects }: DestinationProps) {
    this.name = name;
    this.#publisher = publisher;
    this.#takes =
      takes ?? (({ events }) => eventTypes === undefined || events.some(({ type }) => eventTypes.has(type)));
    this.#circuit = new Circuit(effects, maxAttempts);
  }

  /** Whether the destination gets this commit. */
  takes(commit: Pick<Commit, 'version' | 'events'>): boolean {
    return this.#takes(commit);
  }

  /** False for some seconds after it deferred commits, and until it answers again. */
  get isHealthy(): boolean {
    return this.#circuit.attempts() === maxAttempts;
  }

  /** Sends commits, as often as the destination's circuit allows. All of them are deferred if it allows no attempt. */
  async send(commits: readonly Commit[], traceparentOf?: TraceparentOf): Promise<Sent> {
    const attempts = this.#circuit.attempts();
    if (commits.length === 0 || attempts === 0) {
      const error = commits.length === 0 ? undefined : new Error('The destination failed moments ago.');
      return { deferred: commits, refused: [], error, positions: [], answered: false, works: false };
    }
    const result = await this.#publisher.publish(commits, attempts, traceparentOf);
    const accepted = commits.length - result.deferred.length - result.refused.length;
    this.#circuit.record(result.deferred.length === 0 ? 'all' : result.answered ? 'some' : 'none');
    return { ...result, works: accepted > 0 };
  }
}
