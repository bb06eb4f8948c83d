import type { PrescriptionAnalyzer } from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import { UnreadablePrescriptionError } from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
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
  /** What differs from what the document states. Of a failed one, the reason. */
  readonly differences: readonly string[];
  /** Why a person must look. */
  readonly doubts: readonly string[];
  /** Null: failed. */
  readonly confidence: number | null;
}

/** Analyzes a sample as the function does, and judges the reading. */
export async function outcomeOf(sample: Sample, analyzer: PrescriptionAnalyzer): Promise<SampleOutcome> {
  const { name, contentType, bytes } = sample;
  try {
    const reading = await analyzer.analyze([{ contentType, bytes }]);
    const wrong = differences(reading.drugs, sample.drugs);
    const isRight = wrong.length === 0 && !sample.mustReview;
    return {
      sample: name,
      kind: !isTrusted(reading) ? 'reviewed' : isRight ? 'trusted and right' : 'trusted and wrong',
      differences: wrong,
      doubts: [
        ...reading.doubts,
        ...reading.drugs.flatMap(({ doubts }) => doubts),
        ...(reading.notUnderstood.length > 0 ? [`${reading.notUnderstood.length} lines not understood`] : []),
      ],
      confidence: reading.confidence,
    };
  } catch (error) {
    if (!(error instanceof UnreadablePrescriptionError)) throw error;
    return { sample: name, kind: 'failed', differences: [error.message], doubts: [], confidence: null };
  }
}

/** A table in Markdown: a row for each group of outcomes, and one for all. */
export function outcomeTable(groups: Readonly<Record<string, readonly SampleOutcome[]>>): string {
  const rows = [...Object.entries(groups), ['all', Object.values(groups).flat()] as const];
  const counts = rows.map(([group, outcomes]) =>
    [
      group,
      outcomes.length,
      ...outcomeKinds.map((kind) => outcomes.filter((outcome) => outcome.kind === kind).length),
    ].join(' | '),
  );
  return [
    `| samples | documents | ${outcomeKinds.join(' | ')} |`,
    '|---|---|---|---|---|---|',
    ...counts.map((row) => `| ${row} |`),
  ].join('\n');
}
