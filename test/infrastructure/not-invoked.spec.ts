import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { aggregateNames } from '../../schema/contexts.ts';
import { projectorName } from '../../schema/names.ts';
import { publishedCounter } from '../../schema/telemetry.ts';
import { deciders } from '../support/deployed.ts';
import { logicalIdOf, resources, templateOf } from '../support/synthesized.ts';

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
  readonly ReturnData?: boolean;
}

interface Alarm {
  readonly AlarmDescription: string;
  readonly Metrics: readonly Query[];
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly DatapointsToAlarm: number;
  readonly EvaluationPeriods: number;
  readonly TreatMissingData: string;
}

/** The values of one metric, one for each period. Undefined: no value was sent. */
type Series = readonly (number | undefined)[];

/**
 * Evaluates an expression of the kind that these alarms use, for one period, by the rules of CloudWatch: `FILL` replaces
 * a missing value, and a comparison takes a missing value as 0. `isEmptyFilled`: whether `FILL` also fills a metric that
 * has no value at all, which AWS does not document. Undefined: the result is missing.
 */
function evaluate(
  expression: string,
  metrics: Readonly<Record<string, Series>>,
  at: number,
  isEmptyFilled: boolean,
) {
  const parsed = /^IF\((.+) > (\d+) \* (FILL\(\w+, 0\)), 1, 0\)$/.exec(expression);
  if (parsed === null) throw new Error(`Unknown expression: ${expression}`);
  const fill = (term: string): number | undefined => {
    const [, id = ''] = /^FILL\((\w+), 0\)$/.exec(term) ?? [];
    const series = metrics[id];
    if (series === undefined) throw new Error(`Unknown term: ${term}`);
    const isEmpty = series.every((value) => value === undefined);
    return isEmpty && !isEmptyFilled ? undefined : (series[at] ?? 0);
  };
  const [, sum = '', factor, invocations = ''] = parsed;
  const values = [...sum.split(' + '), invocations].map(fill);
  if (values.every((value) => value === undefined)) return undefined;
  const commits = values.slice(0, -1).reduce<number>((total, value) => total + (value ?? 0), 0);
  return commits > Number(factor) * (values.at(-1) ?? 0) ? 1 : 0;
}

/** Whether the alarm is on after these periods. Missing results are good. */
function isOn(
  { Metrics, DatapointsToAlarm, EvaluationPeriods }: Alarm,
  commits: Series,
  invocations: Series,
): boolean {
  const expression = Metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? '';
  const ids = Metrics.flatMap(({ Id, MetricStat }) => (MetricStat ? [Id] : []));
  const answers = [true, false].map((isEmptyFilled) => {
    // The last of several sources of commits sends them, the others send nothing.
    const none = commits.map(() => undefined);
    const source = ids.filter((id) => id !== 'invocations').at(-1) ?? '';
    const metrics = Object.fromEntries(ids.map((id) => [id, none as Series]));
    const all = { ...metrics, [source]: commits, invocations };
    const results = commits.map((_, at) => evaluate(expression, all, at, isEmptyFilled));
    return results.slice(-EvaluationPeriods).filter((result) => result === 1).length >= DatapointsToAlarm;
  });
  expect(answers[0]).toBe(answers[1]);
  return answers[0] ?? false;
}

let template: Template;
let alarms: readonly Alarm[];
const alarmsIn = (from: Template) =>
  resources(from, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties as unknown as Alarm)
    .filter(({ AlarmDescription }) => AlarmDescription.endsWith('#consumer-not-invoked'));
beforeAll(() => {
  template = templateOf('prod');
  alarms = alarmsIn(template);
});

const _ = undefined;
/** Each column is a period of five minutes. */
const cases: readonly [string, Series, Series, boolean][] = [
  ['no commits, never invoked', [_, _, _, _], [_, _, _, _], false],
  ['no commits, not invoked any more', [9, _, _, _], [9, _, _, _], false],
  ['no commits, but invoked', [_, _, _, _], [3, 3, 3, 3], false],
  ['commits and invocations', [5, 5, 5, 5], [1, 2, 1, 5], false],
  ['many commits in few invocations', [90_000, 90_000, 90_000], [1, 1, 1], false],
  ['commits, not invoked any more', [5, 5, 5, 5], [5, 5, _, _], true],
  ['commits, never invoked', [5, 5, 5, 5], [_, _, _, _], true],
  ['commits, and invocations that are measured as 0', [5, 5, 5, 5], [0, 0, 0, 0], true],
  ['few commits, not invoked', [_, 1, _, _, _, 1, _], [_, _, _, _, _, _, _], true],
  ['a single commit, not invoked', [_, _, 1, _], [_, _, _, _], false],
  ['an invocation in the period after its commit', [_, 1, _, _], [_, _, 1, _], false],
  ['the newest invocation is not measured yet', [5, 5, 5, 5], [5, 5, 5, _], false],
  ['invoked again, but not for long', [5, 5, 5, 5], [_, _, 5, 5], true],
];

describe('the alarms on consumers that are not invoked', () => {
  it.each(cases)('%s', (_name, commits, invocations, expected) => {
    for (const alarm of alarms) expect(isOn(alarm, commits, invocations)).toBe(expected);
  });

  it('are over six hours after the last period without an invocation', () => {
    const repaired = (after: number) => Array.from({ length: after }, () => 5);
    const [commits, none] = [
      [5, 5, 5],
      [undefined, undefined, undefined],
    ];
    for (const alarm of alarms) {
      expect(isOn(alarm, [...commits, ...repaired(70)], [...none, ...repaired(70)])).toBe(true);
      expect(isOn(alarm, [...commits, ...repaired(72)], [...none, ...repaired(72)])).toBe(false);
    }
  });

  it('compare the publisher with the commands, and a projector with the commits of its own context', () => {
    const sources = alarms.map(({ Metrics }) => {
      const compared = Metrics.flatMap(({ MetricStat }) => {
        if (MetricStat === undefined) return [];
        const { Metric, Period, Stat } = MetricStat;
        expect([Period, Stat]).toEqual([300, 'Sum']);
        const { Value } = Metric.Dimensions.find(({ Name }) => /^service|FunctionName$/.test(Name)) ?? {};
        const of = typeof Value === 'string' ? Value : logicalIdOf(Value);
        return [`${Metric.Namespace} ${Metric.MetricName} ${of}`];
      });
      return compared.sort();
    });
    const functionOf = (name: string) => {
      const found = resources(template, 'AWS::Lambda::Function').find(
        ([, { Properties }]) => String(Properties['FunctionName']) === `streamfold-prod-${name}`,
      );
      return found?.[0].replace(/[0-9A-F]{8}$/, '');
    };
    const commands = deciders.map((name) => `Streamfold Commands ${name}`);
    expect(sources).toEqual([
      [...commands, 'Streamfold Batches publisher'].sort(),
      ...aggregateNames.map((name) => [
        `AWS/Lambda Invocations ${functionOf(projectorName(name))}`,
        `Streamfold ${publishedCounter(name)} publisher`,
      ]),
    ]);
  });

  it('treat missing results as good, and go off for the result 1', () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        DatapointsToAlarm: 2,
        EvaluationPeriods: 72,
        TreatMissingData: 'notBreaching',
      });
      expect(alarm.Metrics.filter(({ ReturnData }) => ReturnData !== false)).toHaveLength(1);
    }
  });

  it('exist on every stage except the one of emulators, which do not support them', () => {
    expect(alarms).toHaveLength(1 + aggregateNames.length);
    expect(alarmsIn(templateOf('dev'))).toHaveLength(alarms.length);
    expect(alarmsIn(templateOf('local'))).toEqual([]);
  });
});
