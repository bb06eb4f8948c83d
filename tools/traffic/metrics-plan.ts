import { type Random, seedBound, seededRandom } from './random.ts';

/** What a step does; the comments say what the server has to answer. */
export type MetricStepKind =
  /** One value, measured now or late. */
  | 'value'
  /** A list of values, out of order. */
  | 'values'
  /** A target with a deadline days away; it replaces the one before. */
  | 'target'
  /** A target with a deadline a second or two away. */
  | 'brief-target'
  /** A value that reaches the target. */
  | 'reach'
  | 'archive'
  /** Created, given a target, reached, archived and knocked at once more, in this order: the last is refused. */
  | 'brief-metric'
  /** An earlier command once more under its key: the same answer, and nothing is added. */
  | 'repeat'
  /** An earlier command's key with another value: 422. */
  | 'reused-key'
  /** A deadline in the past: 400. */
  | 'deadline-passed'
  /** A list with one value measured in the future: 400, and none of it recorded. */
  | 'in-the-future'
  /** A value measured before there was a metric: 400. */
  | 'before-creation'
  /** Something that is no value, or too many: 400. */
  | 'bad-value'
  /** A value for a metric that was never created: 404. */
  | 'unknown-metric'
  /** `If-Match` with a version long gone: 412. */
  | 'stale-version'
  /** A read that must reflect every command acknowledged so far. */
  | 'fresh-read';

/** A step as drawn. What only its own kind needs comes from `detailSeed`, and does not shift the steps behind it. */
export interface MetricStep {
  readonly kind: MetricStepKind;
  /** Index of the metric. */
  readonly metric: number;
  /** Write numbers as text, instants in another zone. */
  readonly otherWriting: boolean;
  /** Name the version last seen, in `If-Match`. */
  readonly ifMatch: boolean;
  /** Send it twice at the same time under one key. */
  readonly twice: boolean;
  readonly detailSeed: number;
}

const kinds: readonly (readonly [MetricStepKind, number])[] = [
  ['value', 38],
  ['values', 9],
  ['target', 9],
  ['brief-target', 5],
  ['reach', 6],
  ['archive', 1],
  ['brief-metric', 1.2],
  ['repeat', 4],
  ['reused-key', 0.7],
  ['deadline-passed', 1.5],
  ['in-the-future', 1.5],
  ['before-creation', 1],
  ['bad-value', 2],
  ['unknown-metric', 1],
  ['stale-version', 1],
  ['fresh-read', 8],
];

/** So many metrics are hot ... */
const hotMetrics = 4;
/** ... and get this share of the steps beside their own. */
const hotShare = 0.2;
const ifMatchShare = 0.1;
const twiceShare = 0.06;
const listedMax = 40;

/** The steps of a seed, without end. */
export function* metricSteps(seed: number, metrics: number): Generator<MetricStep, never> {
  const random = seededRandom(seed);
  for (;;) {
    yield {
      kind: random.weighted(kinds),
      metric: random.next() < hotShare ? random.below(Math.min(hotMetrics, metrics)) : random.below(metrics),
      otherWriting: random.next() < 0.3,
      ifMatch: random.next() < ifMatchShare,
      twice: random.next() < twiceShare,
      detailSeed: random.below(seedBound),
    };
  }
}

/** When a value is measured: as the server takes it, or at this fraction of the metric's life so far. */
export interface PlannedValue {
  readonly whole: number;
  readonly ofLife: number | undefined;
}

export function plannedValue(random: Random): PlannedValue {
  const whole = random.below(1_200) - 200;
  const turn = random.next();
  // Most are measured now, some a moment ago, some at any time since the metric began.
  const ofLife = turn < 0.6 ? undefined : turn < 0.8 ? 1 : random.next();
  return { whole, ofLife };
}

/** Two values at least, in no order; short lists are the most frequent. */
export function plannedValues(random: Random): PlannedValue[] {
  const count = 2 + Math.floor(random.next() ** 2 * (listedMax - 1));
  return Array.from({ length: count }, () => plannedValue(random));
}

/** Within reach of some values, beyond that of most; now and then reached the moment it is set. */
export function plannedTarget(random: Random): number {
  return 200 + random.below(1_800);
}
