import type { Api } from './api.ts';
import type { AccountBook } from './books.ts';
import { foretell, isAsForetold, isSameResult } from './foretell.ts';
import {
  again,
  type LedgerCommand,
  type Outcome,
  outcomeOf,
  type RefusalCode,
  refusalStatus,
} from './ledger-commands.ts';
import { Remembered } from './remembered.ts';
import type { Tally } from './tally.ts';

type Done = Extract<Outcome, { kind: 'done' }>;

/** How a command may end where others meet the account at the same time. */
export interface Expectation {
  readonly mayBeDone: boolean;
  readonly refusals: readonly RefusalCode[];
  readonly twice?: boolean;
}

/** Carries out commands, judges the answers and keeps the books. */
export class LedgerTeller {
  readonly #tally: Tally;
  readonly #remembered = new Remembered<{ command: LedgerCommand; outcome: Done }>();
  #eventCount = 0;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** Events that acknowledged commands have committed. */
  get eventCount(): number {
    return this.#eventCount;
  }

  noteOpened(book: AccountBook, outcome: Done): void {
    book.opened(outcome);
    this.#noteCommitted(1);
  }

  /** Sends a command, once or twice at the same time, and books what the server makes of it. */
  async carryOut(api: Api, command: LedgerCommand, expected: Expectation): Promise<void> {
    const { book, receiver, request } = command;
    const foretold = foretell(command);
    const turns = [book, receiver].flatMap((one) => (one ? [one.turns.begin()] : []));
    let wasAlone = false;
    let outcomes: (Outcome | string)[] = [];
    try {
      const requests = expected.twice ? [request, again(command)] : [request];
      const answers = await Promise.all(requests.map((one) => api.send(one)));
      outcomes = answers.map((answer) => outcomeOf(answer, book.terms.currency, book.id));
    } finally {
      wasAlone = turns.map((end) => end()).every(Boolean);
    }
    const what = inWords(command);
    for (const outcome of outcomes) {
      const isForetold = !wasAlone || !expected.mayBeDone || isAsForetold(outcome, foretold);
      if (isPermitted(outcome, expected) && isForetold) continue;
      const wanted =
        wasAlone && expected.mayBeDone ? described(foretold) : expected.refusals.join(' or ') || 'done';
      this.#tally.noteUnexpected(`${what} was answered ${described(outcome)}, not ${wanted}.`);
    }
    this.#noteDisagreement(outcomes, what);
    this.#book(command, outcomes);
  }

  /** Sends an earlier command once more; `earlierFraction`: which, as a fraction of those remembered. */
  async repeat(api: Api, earlierFraction: number): Promise<void> {
    const earlier = this.#remembered.at(earlierFraction);
    if (!earlier) return;
    const { command, outcome } = earlier;
    const { currency } = command.book.terms;
    const repeated = outcomeOf(await api.send(again(command)), currency, outcome.id);
    this.#tally.repeated.add('after an answer');
    const isSame =
      typeof repeated !== 'string' && repeated.kind === 'done' && isSameResult(repeated, outcome);
    if (isSame) return;
    this.#tally.noteUnexpected(
      `POST ${command.request.path} was ${described(outcome)}; repeated under its key it was ${described(repeated)}.`,
    );
  }

  /** Sends another command under an earlier one's key. */
  async reuseKey(api: Api, earlierFraction: number): Promise<void> {
    const earlier = this.#remembered.at(earlierFraction);
    if (!earlier || earlier.command.effect === 'closing') return;
    const { command } = earlier;
    const request = again(command, earlier.command.effect.amount + 1);
    const outcome = outcomeOf(await api.send(request), command.book.terms.currency);
    if (isPermitted(outcome, { mayBeDone: false, refusals: ['idempotency-key-reused'] })) {
      this.#tally.refused.add('idempotency-key-reused');
      return;
    }
    const what = `POST ${request.path} with a used key and another amount`;
    this.#tally.noteUnexpected(`${what} was ${described(outcome)}.`);
  }

  /**
   * Two tries under one key have to agree. They may only differ where one found too little money and the other, later,
   * enough: a refusal is not remembered.
   */
  #noteDisagreement([one, other]: readonly (Outcome | string)[], what: string): void {
    if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string')
      return;
    const isLateMoney = [one, other].some(
      (outcome) => outcome.kind === 'refused' && outcome.code === 'ledger/insufficient-funds',
    );
    if (isLateMoney) return;
    const isSame =
      one.kind === 'done' && other.kind === 'done' ? isSameResult(one, other) : one.kind === other.kind;
    if (one.kind === 'done' && other.kind === 'done') this.#tally.repeated.add('in flight');
    if (isSame) return;
    const both = `${described(one)} and ${described(other)}`;
    this.#tally.noteUnexpected(`${what}, sent twice under one key, was ${both}.`);
  }

  #book(
    { book, effect, receiver, ...command }: LedgerCommand,
    outcomes: readonly (Outcome | string)[],
  ): void {
    const sound = outcomes.filter((outcome) => typeof outcome !== 'string');
    for (const outcome of sound) if (outcome.kind === 'refused') this.#tally.refused.add(outcome.code);
    const done = sound.find((outcome) => outcome.kind === 'done');
    if (!done) return;
    if (effect === 'closing') book.closed(done);
    else {
      book.moved(effect, done);
      receiver?.received({ from: book.id, amount: effect.amount });
    }
    this.#noteCommitted(1 + (done.created ? 1 : 0) + (receiver ? 1 : 0));
    this.#remembered.add({ command: { ...command, book, effect, receiver }, outcome: done });
  }

  #noteCommitted(events: number): void {
    this.#eventCount += events;
    this.#tally.committed += 1;
  }
}

function inWords({ request: { method, path, headers, body } }: LedgerCommand): string {
  return `${method} ${path} ${JSON.stringify({ ...headers, body })}`;
}

function isPermitted(outcome: Outcome | string, { mayBeDone, refusals }: Expectation): boolean {
  if (typeof outcome === 'string') return false;
  if (outcome.kind === 'done') return mayBeDone;
  return refusals.some((code) => code === outcome.code && refusalStatus[code] === outcome.status);
}

/** An outcome in words. */
export function described(outcome: Outcome | ReturnType<typeof foretell> | string): string {
  if (typeof outcome === 'string') return outcome;
  if (outcome.kind === 'refused') return `refused with ${outcome.code}`;
  const { version, balance, created } = outcome;
  return `done at version ${version} with ${balance} minor units${created ? ', opening the account' : ''}`;
}
