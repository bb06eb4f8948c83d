import { Metrics } from '@aws-lambda-powertools/metrics';
import {
  type Counter,
  type Lag,
  type TelemetryName,
  telemetryNamespace,
  telemetryUnits,
} from '../../schema/telemetry.ts';
import { type Environment, requireEnv } from './environment.ts';

/**
 * What one invocation counts. At its end, the values are written to stdout as one line in CloudWatch's embedded metric
 * format; without values there is no line. Values are added up here rather than in Powertools, which writes a line after
 * every 100 values. If an invocation times out, its values are written by the next one.
 */
export class InvocationTelemetry {
  readonly #metrics: Metrics;
  readonly #values = new Map<TelemetryName, number>();

  /** Reads `POWERTOOLS_SERVICE_NAME` and `STAGE`. */
  constructor(env: Environment) {
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

  /** Records the age of the oldest of these commits. Without commits it records nothing. */
  lag(lag: Lag, commits: readonly { readonly committedAt: string }[]): void {
    const times = commits.map(({ committedAt }) => Date.parse(committedAt)).filter(Number.isFinite);
    if (times.length === 0) return;
    // Never negative: the clocks of two Lambda functions differ.
    this.#values.set(lag, Math.max(0, Date.now() - Math.min(...times)));
  }

  /** Writes the values and resets them. */
  flush(): void {
    if (this.#values.size === 0) return;
    for (const [name, value] of this.#values) this.#metrics.addMetric(name, telemetryUnits[name], value);
    this.#values.clear();
    this.#metrics.publishStoredMetrics();
  }
}

/** Middleware that flushes when an invocation ends, with or without an error. */
export function flushing(telemetry: InvocationTelemetry) {
  const flush = () => telemetry.flush();
  return { after: flush, onError: flush };
}
