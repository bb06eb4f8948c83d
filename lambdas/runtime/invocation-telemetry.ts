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
 * What one invocation counts, written to stdout at its end as a single line in CloudWatch's embedded metric format, and
 * not at all where there is nothing to tell. Values of a metric are gathered here rather than in Powertools, which
 * writes a line early at every hundredth of them. What an invocation that is cut off has counted goes out with the next.
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

  /** Tells how long ago the oldest of these commits was made; of none, nothing. */
  lag(lag: Lag, commits: readonly { readonly committedAt: string }[]): void {
    const times = commits.map(({ committedAt }) => Date.parse(committedAt)).filter(Number.isFinite);
    if (times.length === 0) return;
    // Clocks of two Lambdas differ: nothing arrives before it was sent.
    this.#values.set(lag, Math.max(0, Date.now() - Math.min(...times)));
  }

  /** Writes what was counted, and begins anew. */
  flush(): void {
    if (this.#values.size === 0) return;
    for (const [name, value] of this.#values) this.#metrics.addMetric(name, telemetryUnits[name], value);
    this.#values.clear();
    this.#metrics.publishStoredMetrics();
  }
}

/** Middleware that flushes when an invocation ends, well or not. */
export function flushing(telemetry: InvocationTelemetry) {
  const flush = () => telemetry.flush();
  return { after: flush, onError: flush };
}
