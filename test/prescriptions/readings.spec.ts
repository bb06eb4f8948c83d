import { afterAll, describe, expect, it } from '@jest/globals';
import { readPlainText } from '../../lambdas/contexts/dispense/automations/analysis/embedded/plain-text.ts';
import { readPrescription } from '../../lambdas/contexts/dispense/automations/analysis/reading/read-prescription.ts';
import { judged, outcomeLines } from './outcomes.ts';
import { samplesOf } from './samples.ts';

/** The outcomes of a folder of texts. */
const outcomesOf = (kind: 'plain' | 'text') =>
  samplesOf(kind).map((sample) => {
    const reading = readPrescription(readPlainText(sample.bytes));
    return judged(sample, { analyzer: 'embedded', ...reading });
  });

const printed: string[] = [];
afterAll(() => {
  process.stdout.write(`${printed.join('\n\n')}\n`);
});

describe.each(['plain', 'text'] as const)('the prescriptions in %s/', (kind) => {
  const outcomes = outcomesOf(kind);
  printed.push(outcomeLines(kind, outcomes));

  it('are never trusted and wrong, nor trusted if a person must see them', () => {
    expect(outcomes.filter((outcome) => outcome.kind === 'trusted and wrong')).toEqual([]);
  });
});

it('30 plain prescriptions in five layouts: at least 24 are trusted and right', () => {
  const outcomes = outcomesOf('plain');
  expect(outcomes).toHaveLength(30);
  const right = outcomes.filter(({ kind }) => kind === 'trusted and right');
  expect(right.length).toBeGreaterThanOrEqual(24);
});
