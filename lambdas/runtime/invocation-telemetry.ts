import { Metrics } from '@aws-lambda-powertools/metrics';
import { aggregateNames } from '../../schema/contexts.ts';
import {
  type Counter,
  type Lag,
  publishedCounter,
  type TelemetryName,
  telemetryNamespace,
  telemetryUnits,
} from '../../schema/telemetry.ts';
import { type Commit, categoryOfStream, type Effects } from '../kernel/index.ts';
import { type Environment, requireEnv } from './environment.ts';

/**
 * The telemetry of one invocation. At the end it is written to stdout as one line in CloudWatch's embedded metric
 * format, unless it is empty. The values are added up here and not in Powertools, which writes a line after every hundred
 * values. If an invocation times out, the next one of the same process writes its values.
 */
export class InvocationTelemetry {
  readonly #metrics: Metrics;
  readonly #effects: Pick<Effects, 'now'>;
  readonly #values = new Map<TelemetryName, number>();

  /** Reads `POWERTOOLS_SERVICE_NAME` and `STAGE`. */
  constructor(env: Environment, effects: Pick<Effects, 'now'>) {
    this.#effects = effects;
    this.#metrics = new Metrics({
      namespace: telemetryNamespace,
      serviceName: requireEnv(env, 'POWERTOOLS_SERVICE_NAME'),
      defaultDimensions: { stage: requireEnv(env, 'STAGE') },
    });
  }

  /** Adds to a counter. */
  count(counter: Counter, by = 1): void {
    this.#values.set(counter, (this.#values.get(counter) ?? 0) + by);
  }

  /** Records the age of the oldest of these commits, in ms. Does nothing if there are none. */
  lag(lag: Lag, commits: readonly { readonly committedAt: string }[]): void {
    const times = commits.map(({ committedAt }) => Date.parse(committedAt)).filter(Number.isFinite);
    if (times.length === 0) return;
    // The clocks of two Lambdas differ, so an age can be negative.
    this.#values.set(lag, Math.max(0, Date.parse(this.#effects.now()) - Math.min(...times)));
  }

  /** Counts published commits by context. Other categories have no count. */
  published(commits: readonly Pick<Commit, 'stream'>[]): void {
    for (const { stream } of commits) {
      const category = categoryOfStream(stream);
      const context = aggregateNames.find((name) => name === category);
      if (context !== undefined) this.count(publishedCounter(context));
    }
  }

  /** Writes the values and resets them. */
  flush(): void {
    if (this.#values.size === 0) return;
    for (const [name, value] of this.#values)
      this.#metrics.addMetric(name, telemetryUnits[name] ?? 'Count', value);
    this.#values.clear();
    this.#metrics.publishStoredMetrics();
  }
}
