import type { Api } from './api.ts';
import type { ApiAnswer } from './http-client.ts';
import { MetricBook, type MetricTerms } from './metric-book.ts';
import { creationRequest, metricOutcomeOf } from './metric-commands.ts';
import { describedOutcome, type MetricsTeller } from './metrics-teller.ts';
import type { ServerClock } from './server-clock.ts';
import type { Tally } from './tally.ts';

export interface MetricsOfficeOptions {
  readonly run: string;
  readonly tally: Tally;
  readonly teller: MetricsTeller;
  readonly clock: ServerClock;
}

/** Creates metrics where the plan first asks for them, and reads them. */
export class MetricsOffice {
  readonly books: MetricBook[] = [];
  /** What the name of every metric of the run begins with. */
  readonly namePrefix: string;
  readonly #options: MetricsOfficeOptions;
  readonly #metrics = new Map<number, Promise<MetricBook | undefined>>();
  #keys = 0;
  #created = 0;

  constructor(options: MetricsOfficeOptions) {
    this.#options = options;
    this.namePrefix = `Traffic ${options.run} `;
  }

  /** The metric with this index; the first to ask for one creates it, the others wait. */
  metric(api: Api, index: number): Promise<MetricBook | undefined> {
    let metric = this.#metrics.get(index);
    if (!metric) {
      metric = this.newMetric(api);
      this.#metrics.set(index, metric);
    }
    return metric;
  }

  /** The next to ask for this index gets another metric, unless that has happened already. */
  giveUp(index: number, book: MetricBook): void {
    if (!book.isArchiving) this.#metrics.delete(index);
    book.isArchiving = true;
  }

  /** Undefined, and noted, where the server does not create it as it must. */
  async newMetric(api: Api): Promise<MetricBook | undefined> {
    const { tally, teller, clock } = this.#options;
    const terms = this.#newTerms();
    const sentMs = clock.localMs();
    const outcome = metricOutcomeOf(await api.send(creationRequest(terms, this.newKey())));
    const answeredMs = clock.localMs();
    const isCreated =
      typeof outcome !== 'string' &&
      outcome.kind === 'done' &&
      outcome.created &&
      outcome.version === 1 &&
      outcome.status === 'untargeted' &&
      outcome.value === undefined;
    if (!isCreated) {
      tally.noteUnexpected(`Creating a metric was answered ${describedOutcome(outcome)}.`);
      return undefined;
    }
    teller.noteCreated();
    const answer = await this.#freshly(api, outcome.id);
    const createdAtMs = Date.parse(String(memberOf(answer, 'createdAt')));
    if (answer.status !== 200 || Number.isNaN(createdAtMs)) {
      tally.noteUnexpected(`A metric just created was read as ${inWords(answer)}.`);
      return undefined;
    }
    clock.observe(createdAtMs, sentMs, answeredMs);
    const book = new MetricBook(outcome.id, terms, createdAtMs);
    this.books.push(book);
    return book;
  }

  /** Everything acknowledged before must be there; where nothing else is under way, at most the sweep's expiry more. */
  async readFresh(api: Api, book: MetricBook): Promise<void> {
    const { version } = book;
    const wasQuiet = book.turns.watch();
    const answer = await this.#freshly(api, book.id);
    const seen = Number(memberOf(answer, 'version'));
    const isCurrent = seen >= version && (!wasQuiet() || seen <= version + 1);
    if (answer.status === 200 && isCurrent) return;
    const what = `GET /metrics/${book.id} with no-cache at version ${version}`;
    this.#options.tally.noteUnexpected(`${what} was ${inWords(answer)}.`);
  }

  /** Serves as key and, for a metric that is none, as id: neither is ever used twice. */
  newKey(): string {
    this.#keys += 1;
    return `traffic-${this.#options.run}-metrics-${this.#keys}`;
  }

  #freshly(api: Api, id: string): Promise<ApiAnswer> {
    this.#options.tally.freshReads += 1;
    return api.send({ method: 'GET', path: `/metrics/${id}`, headers: { 'cache-control': 'no-cache' } });
  }

  #newTerms(): MetricTerms {
    this.#created += 1;
    const number = this.#created;
    return {
      name: `${this.namePrefix}${String(number).padStart(6, '0')}`,
      unit: number % 2 === 0 ? 'EUR' : undefined,
      description: number % 3 === 0 ? `The metric with the number ${number}.` : undefined,
    };
  }
}

function memberOf({ body }: ApiAnswer, member: string): unknown {
  return typeof body === 'object' ? (body as Record<string, unknown> | null)?.[member] : undefined;
}

function inWords({ status, body }: ApiAnswer): string {
  return `${status} ${JSON.stringify(body)?.slice(0, 300)}`;
}
