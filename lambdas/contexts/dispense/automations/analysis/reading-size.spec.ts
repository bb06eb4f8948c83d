import { describe, expect, it } from '@jest/globals';
import { DataKey } from '../../../../kernel/privacy/index.ts';
import { largestReading, mixedText } from '../../large-dispenses.fixture.ts';
import type { Analysis } from './prescription-analyzer.ts';
import { certainDrug, certainReading } from './reading.fixture.ts';
import { canBeRecorded, readingMaxBytes } from './reading-size.ts';

const eventId = 'e'.repeat(36);
const key = new DataKey('k'.repeat(36), Buffer.alloc(32));

/** The bytes of a reading as an event has it. */
function recordedBytes({ drugs, setAside, notUnderstood, ...rest }: Analysis): number {
  const seal = (field: string) => (value: unknown, index: number) =>
    key.encrypt('dispense/d', { eventId, path: `${field}[${index}]` }, value);
  const sealed = {
    ...rest,
    drugs: drugs.map(seal('drugs')),
    setAside: setAside.map(seal('setAside')),
    notUnderstood: notUnderstood.map(seal('notUnderstood')),
  };
  return Buffer.byteLength(JSON.stringify(sealed));
}

describe('a reading that can be recorded', () => {
  it.each<[string, Analysis]>([
    ['one drug', certainReading],
    ['the largest drugs of one byte', largestReading('x')],
    ['the largest drugs of three bytes', largestReading('薬')],
    ['the largest drugs of characters that JSON escapes', largestReading('"')],
    ['the largest drugs that cannot be compressed', largestReading(mixedText())],
    ['very many lines', { ...certainReading, notUnderstood: Array(700).fill('ab') }],
  ])('is as large as was estimated, or smaller: %s', (_what, reading) => {
    expect(canBeRecorded(reading)).toBe(true);
    expect(recordedBytes(reading)).toBeLessThanOrEqual(readingMaxBytes + 100);
  });

  it('does not have thousands of lines, of which each needs an envelope', () => {
    const many = { ...certainReading, notUnderstood: Array(5_000).fill('ab') };
    expect(canBeRecorded(many)).toBe(false);
    expect(recordedBytes(many)).toBeGreaterThan(400_000);
  });

  it('has 50 drugs of usual lengths', () => {
    const drug = {
      ...certainDrug,
      directions: 'take one three times daily with food for seven days'.repeat(4),
    };
    expect(canBeRecorded({ ...certainReading, drugs: Array(50).fill(drug) })).toBe(true);
  });
});
