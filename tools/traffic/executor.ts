import type { Aggregate } from './aggregate.ts';
import type { Api, SentAnswer } from './api.ts';
import type { ContextTypes, Members } from './context-types.ts';
import type { RunCounts } from './counts.ts';
import { differences } from './differences.ts';
import type { ApiRequest } from './http-client.ts';
import type { ContextModel, Planned, Writing } from './model.ts';
import { brief, isSame, membersOf, type Outcome, readOutcome } from './outcome.ts';
import type { ServerClock, TimeWindow } from './server-clock.ts';

/** A planned command with all that its request needs. */
export interface Submission<C extends ContextTypes> extends Planned<C> {
  readonly aggregate: Aggregate<C>;
  /** The idempotency key. */
  readonly key: string;
  readonly writing?: Writing;
  /** Send it twice at the same time under one key. */
  readonly twice?: boolean;
}

/** Accepted commands kept for repetition. The server remembers a key for more commands than twice these. */
const keptMax = 500;

/** Sends commands, judges the answers and notes what was acknowledged. */
export class Executor<C extends ContextTypes> {
  /** Events that acknowledged commands have committed. */
  eventCount = 0;
  readonly #model: ContextModel<C>;
  readonly #counts: RunCounts;
  readonly #clock: ServerClock;
  readonly #accepted: { readonly submission: Submission<C>; readonly outcome: Outcome<C> }[] = [];

  constructor(model: ContextModel<C>, counts: RunCounts, clock: ServerClock) {
    this.#model = model;
    this.#counts = counts;
    this.#clock = clock;
  }

  /** Sends a command, once or twice at the same time; judges and notes the outcome. */
  async submit(api: Api, submission: Submission<C>): Promise<void> {
    const { aggregate, other, twice } = submission;
    const { state } = aggregate;
    const request = this.#requestOf(submission);
    const requests = twice ? [request, this.#requestOf(submission, { isRewritten: true })] : [request];
    const endings = [aggregate, other?.aggregate].flatMap((one) => (one ? [one.start()] : []));
    const sentMs = this.#clock.localMs();
    const answers = await Promise.all(requests.map((one) => api.send(one)));
    const now = this.#clock.between(sentMs, this.#clock.localMs());
    const wasAlone = endings.map((end) => end()).every(Boolean);
    const outcomes = answers.map((answer) => readOutcome(this.#model, aggregate, answer));
    for (const wrong of this.#wrongOutcomes(submission, outcomes, { state, now, wasAlone })) {
      this.#counts.noteUnexpected(`${brief(request)} was answered ${wrong}.`);
    }
    this.#checkReplays(request, outcomes, answers);
    for (const outcome of outcomes) if ('refused' in outcome) this.#counts.refused.add(outcome.refused);
    const [done, repeated] = outcomes.filter((outcome) => 'reply' in outcome);
    if (repeated) this.#counts.repeated.add('in flight');
    if (done) this.#acknowledge(submission, done, now);
  }

  /** Sends an accepted command again under its key: the answer must be the same. `fraction`, in [0, 1), chooses which. */
  async repeat(api: Api, fraction: number): Promise<void> {
    const accepted = this.#acceptedAt(fraction);
    if (!accepted) return;
    const request = this.#requestOf(accepted.submission, { isRewritten: true });
    const outcome = readOutcome(this.#model, accepted.submission.aggregate, await api.send(request));
    this.#counts.repeated.add('after an answer');
    if (isSame(outcome, accepted.outcome) && 'reply' in outcome && outcome.isReplay) return;
    const again = `repeated under its key, it was answered ${brief(outcome)}`;
    this.#counts.noteUnexpected(`${brief(request)} was answered ${brief(accepted.outcome)}; ${again}.`);
  }

  /** Sends a different command under the key of an accepted one: it must be refused. */
  async reuseKey(api: Api, fraction: number): Promise<void> {
    const earlier = this.#acceptedAt(fraction)?.submission;
    const command = earlier && this.#model.alter(earlier.command);
    if (!command) return;
    const { aggregate, key, ifMatchVersion } = earlier;
    await this.submit(api, { aggregate, command, key, ifMatchVersion, refusals: ['idempotency-key-reused'] });
  }

  /** A read that must reflect all that was acknowledged, and no more than that if no command is running. Returns the row. */
  async readFresh(api: Api, aggregate: Aggregate<C>): Promise<Members> {
    const { id, state } = aggregate;
    const wasIdle = aggregate.watch();
    this.#counts.freshReads += 1;
    const headers = { 'cache-control': 'no-cache' };
    const { status, body } = await api.send({ method: 'GET', path: `/${this.#model.name}/${id}`, headers });
    const row = membersOf(body);
    const wrong = wasIdle() ? differences(row, this.#model.freshRow(state)) : [];
    if (status !== 200 || !(Number(row['version']) >= state.version) || wrong.length > 0) {
      const what = `GET /${this.#model.name}/${id} with no-cache at version ${state.version}`;
      this.#counts.noteUnexpected(`${what} was answered ${status} ${brief(body)} (${wrong.join(', ')}).`);
    }
    return row;
  }

  #requestOf(submission: Submission<C>, { isRewritten = false } = {}): ApiRequest {
    const { aggregate, command, key, writing = 'plain', ifMatchVersion } = submission;
    const { name } = this.#model;
    const otherWriting = writing === 'plain' ? 'other' : 'plain';
    const as = isRewritten ? otherWriting : writing;
    const { path, body } = this.#model.request(aggregate.state, command, as);
    const condition = ifMatchVersion === undefined ? {} : { 'if-match': `"${ifMatchVersion}"` };
    return {
      method: 'POST',
      path: path === undefined ? `/${name}` : `/${name}/${aggregate.id}/${path}`,
      headers: { 'idempotency-key': key, ...condition },
      body: submission.body ?? body,
    };
  }

  /** What is wrong with the outcomes; `state`: the known state of the aggregate when the command was sent. */
  #wrongOutcomes(
    { aggregate, command, refusals, ifMatchVersion }: Submission<C>,
    outcomes: readonly Outcome<C>[],
    { state, now, wasAlone }: { state: C['State']; now: TimeWindow; wasAlone: boolean },
  ): string[] {
    const { statusOf, ended } = this.#model;
    const expected = this.#model.expect(state, command, now);
    const decision = wasAlone && !refusals ? expected.decision : undefined;
    const possible = [
      ...(refusals ?? [...expected.refusals, ...(ifMatchVersion === undefined ? [] : ['version-mismatch'])]),
      ...(aggregate.isEnding ? [ended] : []),
    ];
    const isRight = (outcome: Outcome<C>) => {
      if ('invalid' in outcome) return false;
      if ('refused' in outcome && statusOf[outcome.refused] !== outcome.status) return false;
      if (decision) return isSame(outcome, decision);
      return 'refused' in outcome ? possible.includes(outcome.refused) : !refusals;
    };
    const wanted = decision
      ? brief('reply' in decision ? decision.reply : decision)
      : [...(refusals ? [] : ['done']), ...possible].join(' or ');
    const wrong = outcomes
      .filter((outcome) => !isRight(outcome))
      .map((outcome) => `${brief(outcome)}, expected: ${wanted}`);
    // A refusal is not remembered: if what causes it goes away, the same command can be done.
    const mayDiffer = outcomes.some(
      (outcome) => 'refused' in outcome && expected.refusals.includes(outcome.refused),
    );
    const [one, other] = outcomes;
    if (one && other && !mayDiffer && !isSame(one, other))
      wrong.push(`${brief(outcomes)}, sent twice under one key`);
    return wrong;
  }

  /** One answer is the first, the others are replays. If a request was sent again, the first may be lost. */
  #checkReplays(
    request: ApiRequest,
    outcomes: readonly Outcome<C>[],
    answers: readonly Pick<SentAnswer, 'tries'>[],
  ): void {
    const replies = outcomes.filter((outcome) => 'reply' in outcome);
    const firsts = replies.filter(({ isReplay }) => !isReplay).length;
    if (replies.length === 0 || firsts === 1 || answers.some(({ tries }) => tries > 1)) return;
    const without = `${firsts} of ${replies.length} answers without Idempotency-Replayed`;
    this.#counts.noteUnexpected(`${brief(request)} had ${without}, expected: 1.`);
  }

  #acknowledge(
    submission: Submission<C>,
    outcome: Extract<Outcome<C>, { reply: unknown }>,
    now: TimeWindow,
  ): void {
    const { aggregate, command, other } = submission;
    const { reply, id } = outcome;
    aggregate.id = id;
    aggregate.done.push({ command, version: reply.version, now, reply });
    this.#evolve(aggregate, this.#model.evolve(aggregate.state, command, reply));
    if (other) {
      other.aggregate.received.push(other.command);
      this.#evolve(other.aggregate, this.#model.evolve(other.aggregate.state, other.command));
    }
    this.#counts.committed += 1;
    this.#accepted.push({ submission, outcome });
    if (this.#accepted.length > 2 * keptMax) this.#accepted.splice(0, keptMax);
  }

  #evolve(aggregate: Aggregate<C>, state: C['State']): void {
    this.eventCount += state.version - aggregate.state.version;
    aggregate.state = state;
  }

  #acceptedAt(fraction: number) {
    return this.#accepted[Math.floor(fraction * this.#accepted.length)];
  }
}
