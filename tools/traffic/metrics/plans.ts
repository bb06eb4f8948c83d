import type { CommandPlan, PlanInput } from '../model.ts';
import type { MetricCommand, MetricTypes, MetricValue } from './rules.ts';

type Input = PlanInput<MetricTypes>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Values differ in their whole part or in these decimals. */
const valuesPerWhole = 10 ** 6;
const listedMax = 40;

/** Bodies without values that a metric accepts. */
const badBodies: readonly unknown[] = [
  { value: 'twelve' },
  { value: null },
  { value: '1e400' },
  { value: 1, at: '2027-01-01T00:00:00' },
  [],
  [{ value: 1 }, {}],
  Array.from({ length: 1_001 }, (_, value) => ({ value })),
];

export const metricPlans: readonly CommandPlan<MetricTypes>[] = [
  [38, (input) => ({ command: values(plannedValue(input)) })],
  [9, (input) => ({ command: values(...plannedValues(input)) })],
  [9, (input) => ({ command: plannedTarget(input) })],
  // A deadline that passes during the run.
  [5, (input) => ({ command: targetIn(input, 1_000 + input.random.below(1_000)) })],
  [6, (input) => ({ command: reachingValue(input) })],
  [1, () => ({ command: { kind: 'archive' }, isEnding: true })],
  [1.5, (input) => ({ command: targetIn(input, -hourMs), refusals: ['metrics/deadline-passed'] })],
  // A list with one bad value: no value is recorded.
  [
    1.5,
    (input) => ({
      command: twoValues(input, input.now.latestMs + hourMs),
      refusals: ['metrics/in-the-future'],
    }),
  ],
  [
    1,
    (input) => ({ command: twoValues(input, createdAt(input) - 1), refusals: ['metrics/before-creation'] }),
  ],
  [2, (input) => ({ command: valueNow(input), body: badBody(input), refusals: ['invalid-body'] })],
];

/** A value whose instant the server chooses. */
export function valueNow(input: Input): MetricCommand {
  return values({ value: newValue(input, input.random.below(100)) });
}

/** A target whose deadline is days away. Some values reach it, most do not. */
export function plannedTarget(input: Input): MetricCommand {
  return targetIn(input, dayMs * (1 + input.random.below(30)));
}

/** A value that reaches the target. */
export function reachingValue(input: Input): MetricCommand {
  const { state } = input.aggregate;
  return values({ value: newValue(input, (state.target?.value ?? 0) + input.random.below(100)) });
}

function values(...sent: readonly MetricValue[]): MetricCommand {
  return { kind: 'values', values: sent };
}

function targetIn({ random, now }: Input, ms: number): MetricCommand {
  return { kind: 'target', value: 200 + random.below(1_800), deadlineMs: now.latestMs + ms };
}

/** Most have no instant, some that of the client's clock, some any instant since the metric was created. */
function plannedValue(input: Input): MetricValue {
  const { random, now } = input;
  const value = newValue(input, random.below(1_200) - 200);
  const drawn = random.next();
  if (drawn < 0.6) return { value };
  const ageMs = Math.max(0, now.earliestMs - createdAt(input));
  return { value, atMs: createdAt(input) + Math.floor((drawn < 0.8 ? 1 : random.next()) * ageMs) };
}

/** At least two values, in any order; short lists are the most frequent. */
function plannedValues(input: Input): MetricValue[] {
  const count = 2 + Math.floor(input.random.next() ** 2 * (listedMax - 1));
  return Array.from({ length: count }, () => plannedValue(input));
}

/** A value that this metric has not had; `whole` is its whole part. */
function newValue({ aggregate }: Input, whole: number): number {
  const sign = whole < 0 ? -1 : 1;
  return (whole * valuesPerWhole + sign * aggregate.nextNumber()) / valuesPerWhole;
}

/** A value of now, and one of another instant. */
function twoValues(input: Input, atMs: number): MetricCommand {
  return values({ value: newValue(input, 1) }, { value: newValue(input, 1), atMs });
}

function createdAt({ aggregate }: Input): number {
  return aggregate.state.createdAtMs;
}

function badBody({ random }: Input): unknown {
  return badBodies[random.below(badBodies.length)];
}
