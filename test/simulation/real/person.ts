import { commandIdOfKey, defaultTenant } from '../../../lambdas/kernel/index.ts';
import type { PastAnswer, PersonCommand } from '../history.ts';
import type { Random } from '../world/random.ts';
import type { ApiClient, Persistence } from './api-client.ts';
import { chooseCommand } from './choices.ts';
import type { Known } from './known.ts';
import { isAcknowledged, type Recorder, type RunningOperation } from './recorder.ts';

/** What the people of a run share. */
export interface Shared {
  readonly client: ApiClient;
  readonly recorder: Recorder;
  readonly known: Known;
  /** Questions about the past that were asked, to ask them again. */
  readonly questions: Question[];
}

interface Question {
  readonly context: PersonCommand['context'];
  readonly id: string;
  readonly point: PastAnswer['point'];
}

const askedAgoMaxMs = 20_000;
/** Later than a question about the last instant, so that its answer does not have to wait. */
const askedAgoMinMs = 2_000;

/** Somebody who sends commands, one after the other, and asks. The seed says what, the host says when. */
export class Person {
  readonly #who: string;
  readonly #random: Random;
  readonly #shared: Shared;
  readonly #own: RunningOperation[] = [];
  #sent = 0;

  constructor(who: string, random: Random, shared: Shared) {
    this.#who = who;
    this.#random = random;
    this.#shared = shared;
  }

  /** Acts until the signal. Throws its reason if it waited for the host then. */
  async act(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#actOnce();
  }

  async #actOnce(): Promise<void> {
    const draw = this.#random.under(100);
    if (draw < 74) return this.#command();
    if (draw < 80) return this.#again();
    if (draw < 83) return this.#misuse();
    return draw < 92 ? this.#read() : this.#askPast();
  }

  async #command(): Promise<void> {
    this.#sent += 1;
    const key = `${this.#who}-${this.#sent}`;
    const command = chooseCommand(this.#random, this.#shared.known, key);
    const version = this.#shared.known.version(command.context, command.id);
    const isConditional = this.#random.chance(0.1) && version > 0;
    await this.#send(command, key, isConditional ? { expectedVersion: version } : {});
  }

  /** Sends an earlier command once more, long after its answer. */
  async #again(): Promise<void> {
    if (this.#own.length === 0) return;
    const operation = this.#random.pick(this.#own);
    await this.#shared.client.send(operation, this.#persistence());
    this.#shared.known.note(operation);
  }

  /** Uses the key of a committed command for another one. */
  async #misuse(): Promise<void> {
    const committed = this.#own.filter((each) => each.command.context === 'ledger' && isAcknowledged(each));
    if (committed.length === 0) return;
    const { key, command } = this.#random.pick(committed);
    const first = this.#shared.recorder.operations.findIndex((each) => each.key === key);
    const other: PersonCommand = { context: 'ledger', do: 'credit', id: command.id, amount: '777.77' };
    await this.#send(other, key, { misusesKeyOf: first });
  }

  async #send(
    command: PersonCommand,
    key: string,
    more: { readonly expectedVersion?: number; readonly misusesKeyOf?: number },
  ): Promise<void> {
    const commandId = commandIdOfKey({ tenant: defaultTenant, caller: undefined }, key);
    const operation = this.#shared.recorder.begin({ who: this.#who, command, key, commandId, ...more });
    if (more.misusesKeyOf === undefined) this.#own.push(operation);
    await this.#shared.client.send(operation, this.#persistence());
    this.#shared.known.note(operation);
  }

  /** Most people insist. Some are impatient, so that two attempts run at the same time, and some give up. */
  #persistence(): Persistence {
    const attempts = this.#random.chance(0.1) ? 1 : 50;
    const patienceMs = this.#random.chance(0.15) ? this.#random.between(20, 500) : 10_000;
    return { attempts, patienceMs };
  }

  async #read(): Promise<void> {
    const place = this.#place();
    if (place) await this.#shared.client.read(place.context, place.id, this.#random.chance(0.8));
  }

  async #askPast(): Promise<void> {
    const { questions, client } = this.#shared;
    if (questions.length > 0 && this.#random.chance(0.5)) {
      const { context, id, point } = this.#random.pick(questions);
      return client.ask(context, id, point);
    }
    const place = this.#place();
    if (place === undefined) return;
    const question = { ...place, point: this.#point(place) };
    questions.push(question);
    await client.ask(question.context, question.id, question.point);
  }

  #point({ context, id }: Omit<Question, 'point'>): PastAnswer['point'] {
    const version = this.#shared.known.version(context, id);
    const agoMs = this.#random.between(askedAgoMinMs, askedAgoMaxMs);
    if (version > 0 && this.#random.chance(0.5)) return { version: this.#random.between(1, version) };
    return { at: new Date(Date.now() - agoMs).toISOString() };
  }

  #place(): Omit<Question, 'point'> | undefined {
    // Metrics and dispenses have no questions about the past at their routes.
    const ids = this.#shared.known.ids('ledger');
    return ids.length === 0 ? undefined : { context: 'ledger', id: this.#random.pick(ids) };
  }
}
