import { afterAll, describe, expect, it } from '@jest/globals';
import { readPrescription } from '../../lambdas/contexts/dispense/automations/analysis/reading/read-prescription.ts';
import { documentOf } from '../../lambdas/contexts/dispense/automations/analysis/reading/text-document.fixture.ts';
import { differences, drugDifferences, isTrusted } from './compare.ts';
import { type SampleSet, samplesOf } from './samples.ts';

interface Result {
  readonly name: string;
  readonly isTrusted: boolean;
  readonly differences: readonly string[];
  readonly mustReview: boolean;
  /** Drugs that are read as the sample states them, of all that it states. */
  readonly right: number;
  readonly stated: number;
}

const results = (set: SampleSet): Result[] =>
  samplesOf(set).map(({ name, text, expected }) => {
    const reading = readPrescription(documentOf(text));
    return {
      name,
      isTrusted: isTrusted(reading),
      differences: differences(reading, expected),
      mustReview: expected.mustReview ?? false,
      right: expected.drugs.filter((drug, index) => drugDifferences(reading.drugs[index], drug).length === 0)
        .length,
      stated: expected.drugs.length,
    };
  });

const outcomeOf = ({ isTrusted: trusted, differences: found }: Result) => {
  if (!trusted) return 'reviewed';
  return found.length === 0 ? 'trusted and right' : 'trusted and wrong';
};

/** The table that the specs below are about. */
function table(set: SampleSet, all: readonly Result[]): string {
  const rows = all.map((result) =>
    [
      result.name.padEnd(36),
      outcomeOf(result).padEnd(18),
      `${result.right} of ${result.stated} drugs right`,
      result.differences.join('; '),
    ].join(' '),
  );
  const count = (outcome: string) => all.filter((result) => outcomeOf(result) === outcome).length;
  const counts = ['trusted and right', 'reviewed', 'trusted and wrong'].map((one) => `${count(one)} ${one}`);
  return [`Prescriptions in ${set}/`, ...rows, counts.join(', ')].join('\n');
}

const tables: string[] = [];
afterAll(() => {
  process.stdout.write(`${tables.join('\n\n')}\n`);
});

describe.each(['plain', 'text'] as const)('the prescriptions in %s/', (set) => {
  const all = results(set);
  tables.push(table(set, all));

  it('are never trusted and wrong', () => {
    const wrong = all.filter((result) => outcomeOf(result) === 'trusted and wrong');
    expect(wrong.map(({ name, differences: found }) => [name, ...found])).toEqual([]);
  });

  it('are not trusted if a person must see them', () => {
    expect(all.filter(({ mustReview, isTrusted: trusted }) => mustReview && trusted)).toEqual([]);
  });
});

it('30 plain prescriptions in five layouts: at least 24 are trusted and right', () => {
  const all = results('plain');
  expect(all).toHaveLength(30);
  expect(all.filter((result) => outcomeOf(result) === 'trusted and right').length).toBeGreaterThanOrEqual(24);
});
