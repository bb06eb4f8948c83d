import { readLogLine } from '../log-line.ts';
import type { OtlpAttribute } from '../traces/otlp-spans.ts';
import { emfValues } from './emf.ts';
import { LogQueue, type SourcedRecord } from './log-queue.ts';
import { logRecordOf } from './log-record.ts';
import { MetricTotals, type SourcedMetric } from './metric-totals.ts';
import { Outage } from './outage.ts';
import { type Outcome, send } from './send.ts';

export interface ForwarderOptions {
  /** The base URL of a receiver of OTLP/HTTP, without `/` at its end. */
  readonly url: string;
  /** The attributes of a function as the source of logs and metrics. */
  readonly resourceOf: (functionName: string) => readonly OtlpAttribute[];
  /** Default: {@link usualTimes}. */
  readonly times?: ForwarderTimes;
  readonly warn: (line: string) => void;
  readonly say: (line: string) => void;
}

/** In ms. */
export interface ForwarderTimes {
  /** Between two requests. */
  readonly interval: number;
  /** After a request that was not received. */
  readonly pause: number;
  /** A receiver has this time for a request. */
  readonly answer: number;
  /** A host that stops gives the receiver this time for the rest. */
  readonly flush: number;
}

const usualTimes: ForwarderTimes = { interval: 1_000, pause: 5_000, answer: 2_000, flush: 1_000 };

/**
 * Sends what functions log to a receiver: lines as OTLP logs, and lines with metrics as OTLP metrics. One request of each at a time. Lines wait in a bounded
 * queue while the receiver does not answer. No fault reaches the functions.
 */
export class LogForwarder {
  readonly #options: ForwarderOptions;
  readonly #times: ForwarderTimes;
  readonly #outage: Outage;
  readonly #queue = new LogQueue();
  readonly #totals = new MetricTotals(Date.now());
  readonly #unsupported = new Set<string>();
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<unknown> | undefined;
  #isDown = false;
  #isStopping = false;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#times = options.times ?? usualTimes;
    this.#outage = new Outage(options.url, options);
  }

  /** Takes one line that a function logged. After a stop, it is ignored. */
  log(functionName: string, line: string): void {
    if (this.#isStopping) return;
    this.#add(functionName, line);
    this.#schedule();
  }

  /** Sends the rest, if the receiver works, for one second at most. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const signal = AbortSignal.timeout(this.#times.flush);
    signal.addEventListener('abort', () => this.#ended.abort());
    await this.#sending;
    while (!this.#isDown && !signal.aborted && this.#hasWork) await this.#send(signal);
    this.#ended.abort();
  }

  #add(functionName: string, line: string): void {
    const read = readLogLine(line);
    if (read.kind === 'metrics') {
      for (const value of emfValues(read.fields)) this.#totals.add(functionName, value);
      return;
    }
    const record = this.#unsupported.has('logs') ? undefined : logRecordOf(read, Date.now());
    const sizeBytes = Buffer.byteLength(line);
    if (record !== undefined) this.#queue.add({ source: functionName, record, sizeBytes });
  }

  get #hasWork(): boolean {
    return this.#queue.length > 0 || (this.#totals.haveChanged && !this.#unsupported.has('metrics'));
  }

  #schedule(): void {
    if (this.#isStopping || this.#sending !== undefined || !this.#hasWork) return;
    if (this.#queue.hasBatch && !this.#isDown) this.#run();
    else
      this.#timer ??= setTimeout(() => this.#run(), this.#isDown ? this.#times.pause : this.#times.interval);
    this.#timer?.unref();
  }

  #run(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(this.#times.answer)]);
    this.#sending = this.#send(signal).finally(() => {
      this.#sending = undefined;
      this.#schedule();
    });
  }

  async #send(signal: AbortSignal): Promise<void> {
    const outcomes = await Promise.all([this.#sendLogs(signal), this.#sendMetrics(signal)]);
    this.#isDown = outcomes.some((outcome) => outcome?.kind === 'not-received');
  }

  async #sendLogs(signal: AbortSignal): Promise<Outcome | undefined> {
    const records = this.#queue.take();
    if (records.length === 0) return undefined;
    const outcome = await send(`${this.#options.url}/v1/logs`, this.#logsBody(records), signal);
    if (outcome.kind === 'not-received') this.#queue.giveBack(records);
    else if (outcome.kind !== 'received') this.#queue.drop(records.length);
    this.#report('logs', outcome);
    return outcome;
  }

  async #sendMetrics(signal: AbortSignal): Promise<Outcome | undefined> {
    if (this.#unsupported.has('metrics') || !this.#totals.haveChanged) return undefined;
    const { metrics, giveBack } = this.#totals.take(Date.now());
    const outcome = await send(`${this.#options.url}/v1/metrics`, this.#metricsBody(metrics), signal);
    // What is refused is not sent again as it is: the next change sends the whole sum.
    if (outcome.kind === 'not-received') giveBack();
    this.#report('metrics', outcome);
    return outcome;
  }

  #report(data: string, outcome: Outcome): void {
    if (this.#isStopping) return;
    if (outcome.kind === 'received') this.#outage.works(data, () => this.#queue.takeDroppedCount());
    else if (outcome.kind === 'unsupported') this.#giveUp(data, outcome.reason);
    else this.#outage.failed(data, outcome.reason);
  }

  #giveUp(data: string, reason: string): void {
    this.#unsupported.add(data);
    if (data === 'logs') this.#queue.clear();
    this.#outage.unsupported(data, reason);
  }

  #logsBody(records: readonly SourcedRecord[]): object {
    const resourceLogs = [...Map.groupBy(records, ({ source }) => source)].map(([source, own]) => ({
      resource: { attributes: this.#options.resourceOf(source) },
      scopeLogs: [{ scope: {}, logRecords: own.map(({ record }) => record) }],
    }));
    return { resourceLogs };
  }

  #metricsBody(metrics: readonly SourcedMetric[]): object {
    const resourceMetrics = [...Map.groupBy(metrics, ({ source }) => source)].map(([source, own]) => ({
      resource: { attributes: this.#options.resourceOf(source) },
      scopeMetrics: [...Map.groupBy(own, ({ namespace }) => namespace)].map(([name, inScope]) => ({
        scope: { name },
        metrics: inScope.map(({ metric }) => metric),
      })),
    }));
    return { resourceMetrics };
  }
}
