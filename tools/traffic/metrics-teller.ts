import type { Api } from './api.ts';
import type { MetricBook } from './metric-book.ts';
import {
  type MetricCommand,
  type MetricDone,
  type MetricOutcome,
  type MetricRefusal,
  metricAgain,
  metricAltered,
  metricOutcomeOf,
  metricRefusalStatus,
} from './metric-commands.ts';
import { Remembered } from './remembered.ts';
import type { ServerClock, Window } from './server-clock.ts';
import type { Tally } from './tally.ts';

/** How a command may end where others meet the metric at the same time. */
export interface MetricExpectation {
  readonly mayBeDone: boolean;
  readonly refusals: readonly MetricRefusal[];
  readonly twice?: boolean;
}

/** Carries out commands, judges the answers and keeps the books. */
export class MetricsTeller {
  readonly #tally: Tally;
  readonly #clock: ServerClock;
  readonly #remembered = new Remembered<{ command: MetricCommand; outcome: MetricDone }>();
  #eventCount = 0;

  constructor(tally: Tally, clock: ServerClock) {
    this.#tally = tally;
    this.#clock = clock;
  }

  /** Events that acknowledged commands have committed, or others that came before these. */
  get eventCount(): number {
    return this.#eventCount;
  }

  noteCreated(): void {
    this.#noteCommitted(1);
  }

  /** Sends a command, once or twice at the same time, and books what the server makes of it. */
  async carryOut(api: Api, command: MetricCommand, expected: MetricExpectation): Promise<void> {
    const { book, request, effect } = command;
    if (effect.kind === 'archive') book.isArchiving = true;
    const end = book.turns.begin();
    const sentMs = this.#clock.localMs();
    let outcomes: (MetricOutcome | string)[];
    try {
      const requests = expected.twice ? [request, metricAgain(command)] : [request];
      const answers = await Promise.all(requests.map((one) => api.send(one)));
      outcomes = answers.map((answer) => metricOutcomeOf(answer, book.id));
    } finally {
      end();
    }
    const now = this.#clock.between(sentMs, this.#clock.localMs());
    const refusals = [...expected.refusals, ...refusedByTime(command, now)];
    const what = inWords(command);
    for (const outcome of outcomes) {
      if (isPermitted(outcome, { ...expected, refusals })) continue;
      const wanted = [...(expected.mayBeDone ? ['done'] : []), ...refusals].join(' or ');
      this.#tally.noteUnexpected(`${what} was answered ${describedOutcome(outcome)}, not ${wanted}.`);
    }
    this.#noteDisagreement(outcomes, what);
    this.#book(command, outcomes, now);
  }

  /** Sends an earlier command once more; `earlierFraction`: which, as a fraction of those remembered. */
  async repeat(api: Api, earlierFraction: number): Promise<void> {
    const earlier = this.#remembered.at(earlierFraction);
    if (!earlier) return;
    const { command, outcome } = earlier;
    const repeated = metricOutcomeOf(await api.send(metricAgain(command)), outcome.id);
    this.#tally.repeated.add('after an answer');
    if (isSame(repeated, outcome)) return;
    const [first, second] = [describedOutcome(outcome), describedOutcome(repeated)];
    this.#tally.noteUnexpected(`${inWords(command)} was ${first}; repeated under its key it was ${second}.`);
  }

  /** Sends another command under an earlier one's key. */
  async reuseKey(api: Api, earlierFraction: number): Promise<void> {
    const earlier = this.#remembered.at(earlierFraction);
    const request = earlier && metricAltered(earlier.command);
    if (!request) return;
    const outcome = metricOutcomeOf(await api.send(request));
    if (isPermitted(outcome, { mayBeDone: false, refusals: ['idempotency-key-reused'] })) {
      this.#tally.refused.add('idempotency-key-reused');
      return;
    }
    const what = `POST ${request.path} with a used key and another value`;
    this.#tally.noteUnexpected(`${what} was ${describedOutcome(outcome)}.`);
  }

  /** Two tries under one key have to agree. Only time may come in between: a refusal is not remembered. */
  #noteDisagreement([one, other]: readonly (MetricOutcome | string)[], what: string): void {
    if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string')
      return;
    if (one.kind === 'done' && other.kind === 'done') this.#tally.repeated.add('in flight');
    const isLate = [one, other].some(
      (outcome) => outcome.kind === 'refused' && outcome.code === 'metrics/deadline-passed',
    );
    if (isLate || isSame(one, other)) return;
    const both = `${describedOutcome(one)} and ${describedOutcome(other)}`;
    this.#tally.noteUnexpected(`${what}, sent twice under one key, was ${both}.`);
  }

  #book(command: MetricCommand, outcomes: readonly (MetricOutcome | string)[], now: Window): void {
    const sound = outcomes.filter((outcome) => typeof outcome !== 'string');
    for (const outcome of sound) if (outcome.kind === 'refused') this.#tally.refused.add(outcome.code);
    const done = sound.find((outcome) => outcome.kind === 'done');
    if (!done) return;
    const { book, effect } = command;
    const { version, status, value } = done;
    const before = book.version;
    book.book({ effect, version, status, value, now });
    this.#noteCommitted(book.version - before);
    this.#remembered.add({ command, outcome: done });
  }

  #noteCommitted(events: number): void {
    this.#eventCount += events;
    this.#tally.committed += 1;
  }
}

/** Refusals that the time of the command, or another command under way, may bring. */
function refusedByTime({ book, effect }: MetricCommand, { latestMs }: Window): MetricRefusal[] {
  const isLate = effect.kind === 'target' && effect.deadlineMs <= latestMs;
  return [...(isLate ? ['metrics/deadline-passed' as const] : []), ...archivedOf(book)];
}

function archivedOf({ isArchiving }: MetricBook): MetricRefusal[] {
  return isArchiving ? ['metrics/archived'] : [];
}

function isPermitted(outcome: MetricOutcome | string, { mayBeDone, refusals }: MetricExpectation): boolean {
  if (typeof outcome === 'string') return false;
  if (outcome.kind === 'done') return mayBeDone && !outcome.created;
  return refusals.some((code) => code === outcome.code && metricRefusalStatus[code] === outcome.status);
}

function isSame(one: MetricOutcome | string, other: MetricOutcome): boolean {
  return typeof one !== 'string' && describedOutcome(one) === describedOutcome(other);
}

function inWords({ request: { method, path, headers, body } }: MetricCommand): string {
  return `${method} ${path} ${JSON.stringify({ ...headers, body }).slice(0, 300)}`;
}

/** An outcome in words. */
export function describedOutcome(outcome: MetricOutcome | string): string {
  if (typeof outcome === 'string') return outcome;
  if (outcome.kind === 'refused') return `refused with ${outcome.code}`;
  const { version, status, value, created } = outcome;
  return `done at version ${version}, ${status} with ${value ?? 'no value'}${created ? ', creating the metric' : ''}`;
}
