import { Aggregate } from './aggregate.ts';
import type { Api } from './api.ts';
import { Comparison, comparedAtOnce } from './comparison.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { ContextTypes } from './context-types.ts';
import { Counts, type RunCounts } from './counts.ts';
import { Executor, type Submission } from './executor.ts';
import type { CommandPlan, ContextModel, PlanInput, Planned } from './model.ts';
import { membersOf } from './outcome.ts';
import { type Random, seedBound, seededRandom } from './random.ts';
import { ServerClock } from './server-clock.ts';

export interface WorkloadOptions {
  readonly seed: number;
  /** Part of every id and key, so the same seed can run again on the same system. */
  readonly run: string;
  readonly counts: RunCounts;
  /** This machine's clock, in ms since 1970 (default: the real one). */
  readonly nowMs?: () => number;
}

interface Step<C extends ContextTypes> extends PlanInput<C> {
  readonly api: Api;
  /** How its command is sent, unless that must be refused. */
  readonly sending: Pick<Submission<C>, 'writing' | 'twice'>;
  /** Sends the known version as `If-Match`. */
  readonly isConditional: boolean;
}

type Action<C extends ContextTypes> = (step: Step<C>) => Promise<unknown>;

/** The first few aggregates are hot: they get this share of the steps. */
const hotSize = 6;
const hotShare = 0.2;
const ifMatchShare = 0.1;
const twiceShare = 0.06;

/** Traffic for one context: plans, sends and compares at the end. */
export class Workload<C extends ContextTypes> {
  readonly #model: ContextModel<C>;
  readonly #run: string;
  readonly #random: Random;
  readonly #clock: ServerClock;
  readonly #executor: Executor<C>;
  readonly #actions: readonly (readonly [Action<C>, weight: number])[];
  readonly #byIndex = new Map<number, Promise<Aggregate<C> | undefined>>();
  readonly #aggregates: Aggregate<C>[] = [];
  readonly #statuses = new Counts();
  #lineCount = 0;
  #keys = 0;

  constructor(model: ContextModel<C>, { seed, run, counts, nowMs = Date.now }: WorkloadOptions) {
    this.#model = model;
    this.#run = run;
    this.#random = seededRandom(seed);
    this.#clock = new ServerClock(nowMs);
    const executor = new Executor(model, counts, this.#clock);
    this.#executor = executor;
    const plans = [...model.plans, ...this.#refusedPlans()];
    this.#actions = [
      ...plans.map(([weight, plan]): [Action<C>, number] => [
        async (step) => this.#submit(step, await plan(step)),
        weight,
      ]),
      [({ api, aggregate }) => executor.readFresh(api, aggregate), 8],
      [({ api, random }) => executor.repeat(api, random.next()), 4],
      [({ api, random }) => executor.reuseKey(api, random.next()), 0.6],
      [(step) => this.#live(step), 0.8],
    ];
  }

  /** Events that acknowledged commands have committed. */
  get eventCount(): number {
    return this.#executor.eventCount;
  }

  /** How many aggregates the traffic uses: `50 accounts`. */
  get scale(): string {
    return `${this.#model.size} ${this.#model.noun}s`;
  }

  /** What was compared, in one line. */
  get holdings(): string {
    const { name, noun, lines } = this.#model;
    const withLines = lines ? ` with ${this.#lineCount} ${lines.noun}` : '';
    return `${name}: ${this.eventCount} events; ${this.#existing().length} ${noun}s (${this.#statuses})${withLines}`;
  }

  /** Carries out the next step. Many run at the same time. Rejects if an outcome remains unknown. */
  async step(api: Api): Promise<void> {
    const { size, first } = this.#model;
    const random = this.#random;
    const action = random.weighted(this.#actions);
    const index = random.below(random.next() < hotShare ? Math.min(hotSize, size) : size);
    const isConditional = random.next() < ifMatchShare;
    const twice = random.next() < twiceShare;
    const writing = random.next() < 0.4 ? 'other' : 'plain';
    // A random source of its own: what one step needs does not shift the next.
    const details = seededRandom(random.below(seedBound));
    const aggregate = await this.#find(api, index);
    if (!aggregate) return;
    const sending = { writing, twice } as const;
    const step = { ...this.#inputFor(api, aggregate, details), sending, isConditional };
    await (first && aggregate.state.version === 0
      ? this.#submit(step, { command: first(step) })
      : action(step));
  }

  /** How many rows reflect every acknowledged command. `progress` grows whenever a row changes. */
  async catchUp(api: Api): Promise<{ current: number; total: number; progress: number }> {
    const { name, isSettled } = this.#model;
    const aggregates = this.#existing();
    let [current, progress] = [0, 0];
    await forEachConcurrently(aggregates, comparedAtOnce, async ({ id, state }) => {
      const { status, body } = await api.send({ method: 'GET', path: `/${name}/${id}` });
      const version = status === 200 ? Number(membersOf(body)['version']) : 0;
      if (version >= state.version && (isSettled?.(state, this.#clock.now()) ?? true)) current += 1;
      progress += version;
    });
    return { current, total: aggregates.length, progress };
  }

  /** Compares all that the system shows with what was acknowledged; a sentence for each difference. */
  async compare(api: Api, onCompared: (done: number, total: number) => void): Promise<string[]> {
    const [model, clock, statuses, aggregates] = [this.#model, this.#clock, this.#statuses, this.#existing()];
    const comparison = new Comparison({ model, api, clock, aggregates, statuses, onCompared });
    const differences = await comparison.run();
    this.#lineCount = comparison.lineCount;
    return differences;
  }

  #existing(): Aggregate<C>[] {
    return this.#aggregates.filter(({ state }) => state.version > 0);
  }

  /** The aggregate with this index. The first caller creates it, the others wait. */
  #find(api: Api, index: number): Promise<Aggregate<C> | undefined> {
    const found = this.#byIndex.get(index) ?? this.#create(api, index);
    this.#byIndex.set(index, found);
    return found;
  }

  /** Undefined if the server does not create it correctly; the answer is then noted as unexpected. */
  async #create(api: Api, index: number): Promise<Aggregate<C> | undefined> {
    const key = this.#newKey();
    const creation = this.#model.create(index, key);
    const aggregate = new Aggregate<C>('id' in creation ? creation.id : '', index, creation.state);
    this.#aggregates.push(aggregate);
    if ('id' in creation) return aggregate;
    const sentMs = this.#clock.localMs();
    await this.#executor.submit(api, { aggregate, command: creation.command, key });
    const answeredMs = this.#clock.localMs();
    if (aggregate.state.version === 0) return undefined;
    const { withCreation } = this.#model;
    if (!withCreation) return aggregate;
    const { createdAt } = await this.#executor.readFresh(api, aggregate);
    const createdAtMs = Date.parse(String(createdAt));
    if (Number.isNaN(createdAtMs)) return undefined;
    this.#clock.observe(createdAtMs, sentMs, answeredMs);
    aggregate.initial = withCreation(aggregate.initial, createdAtMs);
    aggregate.state = withCreation(aggregate.state, createdAtMs);
    return aggregate;
  }

  #inputFor(api: Api, aggregate: Aggregate<C>, random: Random) {
    return {
      api,
      aggregate,
      random,
      now: this.#clock.now(),
      find: (index: number) => this.#find(api, index),
    };
  }

  /** Sends a planned command; by default to the aggregate of the step, as the step says. */
  async #submit(step: Step<C>, planned: Planned<C> | undefined): Promise<void> {
    if (!planned) return;
    const { api, sending, isConditional } = step;
    const { aggregate = step.aggregate, refusals } = planned;
    if (planned.isEnding && !aggregate.isEnding) {
      aggregate.isEnding = true;
      this.#byIndex.delete(aggregate.index);
    }
    const ifMatchVersion = isConditional ? aggregate.state.version || undefined : undefined;
    const how = refusals ? {} : { ...sending, ifMatchVersion };
    await this.#executor.submit(api, { ...how, ...planned, aggregate, key: this.#newKey() });
  }

  /** Commands that every context refuses: for an older version, and for an unknown id. */
  #refusedPlans(): CommandPlan<C>[] {
    const { probe, notFound } = this.#model;
    const stale = (input: PlanInput<C>) => ({
      command: probe(input),
      ifMatchVersion: input.aggregate.state.version - 1,
      refusals: ['version-mismatch'],
    });
    const unknown = (input: PlanInput<C>) => {
      const aggregate = new Aggregate<C>(this.#newKey(), input.aggregate.index, input.aggregate.initial);
      return { aggregate, command: probe({ ...input, aggregate }), refusals: [notFound] };
    };
    return [
      [1, stale],
      [1, unknown],
    ];
  }

  /** The whole life of a new aggregate, by one client: every command up to the last is accepted, and later ones are refused. */
  async #live({ api, aggregate: { index }, random, sending, isConditional }: Step<C>): Promise<void> {
    const aggregate = await this.#create(api, index);
    if (!aggregate) return;
    const step = () => ({ ...this.#inputFor(api, aggregate, random), sending, isConditional });
    for (const plan of this.#model.lifecycle) {
      const ifMatchVersion = aggregate.state.version || undefined;
      await this.#submit(step(), { command: plan(step()), ifMatchVersion });
    }
    await this.#submit(step(), { command: this.#model.probe(step()), refusals: [this.#model.ended] });
  }

  /** Unique in all runs; serves as key and as id. */
  #newKey(): string {
    this.#keys += 1;
    return `traffic-${this.#run}-${this.#model.name}-${this.#keys}`;
  }
}
