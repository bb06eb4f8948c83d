import type { OtlpAttribute } from '../traces/otlp-spans.ts';
import { attributesOf } from './any-value.ts';
import type { EmfValue } from './emf.ts';
import { nanoseconds } from './log-record.ts';

/** A metric as OTLP writes it in JSON: https://opentelemetry.io/docs/specs/otel/metrics/data-model/. */
export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly sum?: {
    readonly aggregationTemporality: number;
    readonly isMonotonic: boolean;
    readonly dataPoints: readonly DataPoint[];
  };
  readonly gauge?: { readonly dataPoints: readonly DataPoint[] };
}

interface DataPoint {
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly asInt?: string;
  readonly asDouble?: number;
  readonly attributes: readonly OtlpAttribute[];
}

/** One metric of one function. */
interface Series extends EmfValue {
  readonly source: string;
  value: number;
  hasChanged: boolean;
}

/** Metrics that are being sent. */
export interface TakenMetrics {
  readonly metrics: readonly SourcedMetric[];
  /** They were not received: they are taken again. */
  readonly giveBack: () => void;
}

/** A metric to send, with the function and the namespace that it is from. */
export interface SourcedMetric {
  readonly source: string;
  readonly namespace: string;
  readonly metric: OtlpMetric;
}

/** Of one host. Ours have a few hundred. */
const seriesMax = 2_000;

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto */
const cumulative = 2;

/** UCUM, as OTLP writes units. */
const units: Readonly<Record<string, string>> = { Count: '1', Milliseconds: 'ms', Seconds: 's', Bytes: 'By' };

/**
 * The metrics of the functions since the start. Counts add up, because many receivers, Prometheus and the Aspire dashboard among them, take cumulative sums only:
 * a request that is lost then loses no count either. Other values are gauges: the highest since the last request that was received.
 */
export class MetricTotals {
  readonly #series = new Map<string, Series>();
  readonly #startedAtMs: number;

  /** @param startedAtMs epoch ms */
  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  /** Adds a value of a function. A new metric is ignored when there are 2,000. */
  add(source: string, added: EmfValue): void {
    const { namespace, name, dimensions, value, unit } = added;
    const key = JSON.stringify([source, namespace, name, dimensions]);
    const series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size < seriesMax) this.#series.set(key, { ...added, source, hasChanged: true });
      return;
    }
    const isFirst = !series.hasChanged;
    if (unit === 'Count') series.value += value;
    else series.value = isFirst ? value : Math.max(series.value, value);
    series.hasChanged = true;
  }

  get haveChanged(): boolean {
    return [...this.#series.values()].some(({ hasChanged }) => hasChanged);
  }

  /** The metrics that have changed since they were last taken. */
  take(nowMs: number): TakenMetrics {
    const changed = [...this.#series.values()].filter(({ hasChanged }) => hasChanged);
    const values = changed.map(({ value }) => value);
    for (const series of changed) series.hasChanged = false;
    return {
      metrics: changed.map((series) => ({ ...series, metric: this.#metricOf(series, nowMs) })),
      giveBack: () => {
        for (const [index, series] of changed.entries()) {
          // A count was not reset. Of another value, the next one took the place.
          if (series.unit !== 'Count') series.value = Math.max(series.value, values[index] ?? series.value);
          series.hasChanged = true;
        }
      },
    };
  }

  #metricOf({ name, unit, value, dimensions }: Series, nowMs: number): OtlpMetric {
    const number =
      Number.isSafeInteger(value) && unit === 'Count' ? { asInt: String(value) } : { asDouble: value };
    const point = { timeUnixNano: nanoseconds(nowMs), ...number, attributes: attributesOf(dimensions) };
    if (unit !== 'Count') return { name, unit: units[unit] ?? '', gauge: { dataPoints: [point] } };
    const dataPoints = [{ startTimeUnixNano: nanoseconds(this.#startedAtMs), ...point }];
    return { name, unit: '1', sum: { aggregationTemporality: cumulative, isMonotonic: true, dataPoints } };
  }
}
