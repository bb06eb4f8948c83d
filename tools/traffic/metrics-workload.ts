import type { Api } from './api.ts';
import type { MetricBook, MetricEffect, SentValue } from './metric-book.ts';
import { type MetricCommandOptions, type MetricRefusal, metricCommand } from './metric-commands.ts';
import { MetricsOffice } from './metrics-office.ts';
import {
  type MetricStep,
  metricSteps,
  type PlannedValue,
  plannedTarget,
  plannedValue,
  plannedValues,
} from './metrics-plan.ts';
import { isRefusedKind, refusedCommand } from './metrics-refused.ts';
import { MetricsTeller } from './metrics-teller.ts';
import { catchUpMetrics, verifyMetrics } from './metrics-verify.ts';
import { type Random, seededRandom } from './random.ts';
import { ServerClock } from './server-clock.ts';
import { Counts, type Tally } from './tally.ts';
import type { CatchUp, Workload } from './workload.ts';

export interface MetricsWorkloadOptions {
  readonly seed: number;
  /** In every metric's name and every key: the same seed can run again on the same system. */
  readonly run: string;
  readonly metrics: number;
  readonly tally: Tally;
  /** This machine's clock, ms since 1970 (default: the real one). */
  readonly nowMs?: () => number;
}

const dayMs = 86_400_000;
/** How far away a deadline is that the run is to see pass. */
const briefMs = { min: 1_000, spread: 1_000 };

/** Metrics with targets of all kinds, some of them hot, with books on each. */
export class MetricsWorkload implements Workload {
  readonly name = 'metrics';
  readonly #options: MetricsWorkloadOptions;
  readonly #steps: Generator<MetricStep, never>;
  readonly #clock: ServerClock;
  readonly #teller: MetricsTeller;
  readonly #office: MetricsOffice;
  readonly #statuses = new Counts();

  constructor(options: MetricsWorkloadOptions) {
    const { seed, run, metrics, tally, nowMs = Date.now } = options;
    this.#options = options;
    this.#clock = new ServerClock(nowMs);
    this.#teller = new MetricsTeller(tally, this.#clock);
    this.#office = new MetricsOffice({ run, tally, teller: this.#teller, clock: this.#clock });
    this.#steps = metricSteps(seed, metrics);
  }

  get eventCount(): number {
    return this.#teller.eventCount;
  }

  get scale(): string {
    return `${this.#options.metrics} metrics`;
  }

  get holdings(): string {
    const { books } = this.#office;
    const values = books.reduce((sum, { valueCount }) => sum + valueCount, 0);
    return `${books.length} metrics (${this.#statuses}) with ${values} values`;
  }

  async step(api: Api): Promise<void> {
    const step = this.#steps.next().value;
    const random = seededRandom(step.detailSeed);
    const book = await this.#office.metric(api, step.metric);
    if (!book) return;
    const { kind } = step;
    switch (kind) {
      case 'archive':
        this.#office.giveUp(step.metric, book);
        return this.#carryOut(api, step, book, { kind });
      case 'brief-metric':
        return this.#briefMetric(api, step, random);
      case 'repeat':
        return this.#teller.repeat(api, random.next());
      case 'reused-key':
        return this.#teller.reuseKey(api, random.next());
      case 'fresh-read':
        return this.#office.readFresh(api, book);
      default: {
        if (!isRefusedKind(kind)) return this.#carryOut(api, step, book, this.#effectOf(kind, book, random));
        const key = this.#office.newKey();
        const { command, refusals } = refusedCommand({ kind, book, key, now: this.#clock.now(), random });
        return this.#teller.carryOut(api, command, { mayBeDone: false, refusals });
      }
    }
  }

  catchUp(api: Api): Promise<CatchUp> {
    return catchUpMetrics(api, this.#clock, this.#office.books);
  }

  verify(api: Api, onCompared: (done: number, total: number) => void): Promise<string[]> {
    const { books, namePrefix } = this.#office;
    const [clock, statuses] = [this.#clock, this.#statuses];
    return verifyMetrics({ api, clock, books, namePrefix, statuses, onCompared });
  }

  #effectOf(
    kind: 'value' | 'values' | 'target' | 'brief-target' | 'reach',
    book: MetricBook,
    random: Random,
  ): MetricEffect {
    const { latestMs } = this.#clock.now();
    switch (kind) {
      case 'value':
        return { kind: 'values', values: [this.#sentValue(book, plannedValue(random))] };
      case 'values':
        return { kind, values: plannedValues(random).map((value) => this.#sentValue(book, value)) };
      case 'target':
        return { kind, value: plannedTarget(random), deadlineMs: latestMs + dayMs * (1 + random.below(30)) };
      case 'brief-target': {
        const deadlineMs = latestMs + briefMs.min + random.below(briefMs.spread);
        return { kind: 'target', value: plannedTarget(random), deadlineMs };
      }
      case 'reach': {
        const whole = (book.target?.value ?? 0) + random.below(100);
        return { kind: 'values', values: [{ value: book.newValue(whole) }] };
      }
    }
  }

  #sentValue(book: MetricBook, { whole, ofLife }: PlannedValue): SentValue {
    const value = book.newValue(whole);
    if (ofLife === undefined) return { value };
    const lifeMs = Math.max(0, this.#clock.now().earliestMs - book.createdAtMs);
    return { value, atMs: book.createdAtMs + Math.floor(ofLife * lifeMs) };
  }

  async #carryOut(api: Api, step: MetricStep, book: MetricBook, effect: MetricEffect): Promise<void> {
    const ifMatchVersion = step.ifMatch ? book.version : undefined;
    const writing = step.otherWriting ? 'other' : 'plain';
    const command = metricCommand(book, effect, { key: this.#office.newKey(), writing, ifMatchVersion });
    const refusals: MetricRefusal[] = ifMatchVersion === undefined ? [] : ['version-mismatch'];
    await this.#teller.carryOut(api, command, { mayBeDone: true, refusals, twice: step.twice });
  }

  /** Created, reached and archived by one client: each command's outcome is certain. */
  async #briefMetric(api: Api, { twice }: MetricStep, random: Random): Promise<void> {
    const book = await this.#office.newMetric(api);
    if (!book) return;
    const options = (ifMatchVersion?: number): MetricCommandOptions => ({
      key: this.#office.newKey(),
      ifMatchVersion,
    });
    const send = (effect: MetricEffect, version?: number) =>
      this.#teller.carryOut(api, metricCommand(book, effect, options(version)), {
        mayBeDone: true,
        refusals: [],
        twice,
      });
    await send(this.#effectOf('target', book, random), 1);
    await send(this.#effectOf('reach', book, random), 2);
    await send({ kind: 'archive' }, 4);
    const late = metricCommand(book, this.#effectOf('value', book, random), options());
    await this.#teller.carryOut(api, late, { mayBeDone: false, refusals: ['metrics/archived'] });
  }
}
