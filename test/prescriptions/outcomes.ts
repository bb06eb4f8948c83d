import {
  type Analysis,
  type PrescriptionAnalyzer,
  UnreadablePrescriptionError,
} from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import { isTrusted } from '../../lambdas/contexts/dispense/domain/trust.ts';
import { differences } from './judge.ts';
import type { Sample } from './samples.ts';

/** How a sample ended. `reviewed` says nothing about right or wrong: a person looks. */
export const outcomeKinds = ['trusted and right', 'trusted and wrong', 'reviewed', 'failed'] as const;

export type OutcomeKind = (typeof outcomeKinds)[number];

/** How the analysis of one sample ended. */
export interface SampleOutcome {
  readonly sample: string;
  readonly kind: OutcomeKind;
  /** What differs from what the document states. Of a failed one: the reason. */
  readonly differences: readonly string[];
  /** Why a person must look. */
  readonly doubts: readonly string[];
  /** Null: failed. */
  readonly confidence: number | null;
}

/** Analyzes a sample as the function does, and judges the reading. */
export async function outcomeOf(sample: Sample, analyzer: PrescriptionAnalyzer): Promise<SampleOutcome> {
  try {
    return judged(sample, await analyzer.analyze([sample]));
  } catch (error) {
    if (!(error instanceof UnreadablePrescriptionError)) throw error;
    return {
      sample: sample.name,
      kind: 'failed',
      differences: [error.message],
      doubts: [],
      confidence: null,
    };
  }
}

/** Compares a reading with what its sample states. */
export function judged(sample: Sample, reading: Analysis): SampleOutcome {
  const wrong = differences(reading.drugs, sample.drugs);
  const isRight = wrong.length === 0 && !sample.mustReview;
  const trustedKind = isRight ? 'trusted and right' : 'trusted and wrong';
  const lines = reading.notUnderstood.length + reading.notUnderstoodMore;
  return {
    sample: sample.name,
    kind: isTrusted(reading) ? trustedKind : 'reviewed',
    differences: wrong,
    doubts: [
      ...new Set([...reading.doubts, ...reading.drugs.flatMap(({ doubts }) => doubts)]),
      ...(lines > 0 ? [`${lines} lines not understood`] : []),
    ],
    confidence: reading.confidence,
  };
}

/** The outcomes of a group, a line each, for people. */
export function outcomeLines(group: string, outcomes: readonly SampleOutcome[]): string {
  const lines = outcomes.map(({ sample, kind, confidence, doubts, differences: found }) =>
    [sample.padEnd(50), kind.padEnd(18), confidence ?? '-', doubts.join(', '), found.join('; ')].join('  '),
  );
  const counts = outcomeKinds.map((kind) => `${countOf(outcomes, kind)} ${kind}`);
  return [`Prescriptions in ${group}/`, ...lines, counts.join(', ')].join('\n');
}

/** A table in Markdown: a row for each group of outcomes, and one for all. */
export function outcomeTable(groups: Readonly<Record<string, readonly SampleOutcome[]>>): string {
  const rows = [...Object.entries(groups), ['all', Object.values(groups).flat()] as const];
  return [
    `| documents | number | ${outcomeKinds.join(' | ')} |`,
    `|---|---|${outcomeKinds.map(() => '---|').join('')}`,
    ...rows.map(([group, outcomes]) => {
      const counts = outcomeKinds.map((kind) => countOf(outcomes, kind));
      return `| ${[group, outcomes.length, ...counts].join(' | ')} |`;
    }),
  ].join('\n');
}

function countOf(outcomes: readonly SampleOutcome[], kind: OutcomeKind): number {
  return outcomes.filter((outcome) => outcome.kind === kind).length;
}
