import { describe, expect, it } from '@jest/globals';
import {
  decodeFinding,
  encodeFinding,
  type Finding,
  findingMaxBytes,
  MalformedFindingError,
} from './finding.ts';
import type { Analysis } from './prescription-analyzer.ts';
import { certainDrug, certainReading } from './reading.fixture.ts';

const findingOf = (reading: Analysis): Finding => ({
  stream: 'dispense/d1',
  version: 2,
  uploadEventId: 'e1',
  outcome: { type: 'read', reading },
});
const roundTrip = (reading: Analysis) => decodeFinding(encodeFinding(findingOf(reading)));
const refusal = (reading: Analysis) => {
  try {
    encodeFinding(findingOf(reading));
  } catch (error) {
    if (error instanceof MalformedFindingError) return error.message;
    throw error;
  }
  return 'none';
};

describe('a finding', () => {
  it('keeps a whole reading', () => {
    const { strength: _, ...confidence } = certainDrug.confidence;
    const reading: Analysis = {
      analyzer: 'bedrock',
      confidence: 0,
      drugs: [
        {
          ...certainDrug,
          strength: null,
          quantityIsDerived: true,
          confidence: { ...confidence, strength: null },
          doubts: ['unknown-name'],
        },
      ],
      setAside: ['Stop aspirin 75 mg'],
      notUnderstood: ['Metho... 2.5'],
      notUnderstoodMore: 3,
      doubts: ['hidden-text'],
    };
    expect(roundTrip(reading)).toEqual(findingOf(reading));
  });

  it('may have no drug, if there is a line', () => {
    const reading = { ...certainReading, drugs: [], setAside: ['Stop aspirin'] };
    expect(roundTrip(reading)).toEqual(findingOf(reading));
    expect(refusal({ ...reading, setAside: [] })).toMatch(/^The message is not a finding/);
  });

  it.each([
    ['a long name', { drugs: [{ ...certainDrug, name: 'n'.repeat(201) }] }],
    ['51 drugs', { drugs: Array(51).fill(certainDrug) }],
    ['a doubt in words', { doubts: ['It is hidden.'] }],
    ['31 doubts', { doubts: Array(31).fill('hidden-text') }],
    ['a line with a direction character', { notUnderstood: ['\u202ea'] }],
    [
      'lines of 10,001 characters together',
      { setAside: ['x'.repeat(5_000)], notUnderstood: ['x'.repeat(5_001)] },
    ],
    ['a confidence of 2', { confidence: 2 }],
    ['-1 more lines', { notUnderstoodMore: -1 }],
  ])('cannot have %s', (_, changes) => {
    expect(refusal({ ...certainReading, ...changes })).toMatch(/^The message is not a finding/);
  });

  const text = (chars: number) => '薬'.repeat(chars);
  /** The longest texts of three bytes each. `doubts`: of each drug. */
  const largest = (doubts: readonly string[]): Analysis => {
    const texts = { name: text(200), strength: text(100), form: text(100), directions: text(500) };
    const drug = { ...certainDrug, ...texts, doubts };
    return { ...certainReading, drugs: Array(50).fill(drug), setAside: Array(10).fill(text(1_000)) };
  };

  it('fits a message of SQS with the longest drugs and lines', () => {
    const reading = largest(['unknown-name', 'unknown-strength', 'not-in-document']);
    const message = encodeFinding(findingOf(reading));
    expect(Buffer.byteLength(message)).toBeLessThan(findingMaxBytes);
    expect(decodeFinding(message)).toEqual(findingOf(reading));
  });

  it('is refused if its parts are allowed and it is larger than a message of SQS', () => {
    expect(refusal(largest(Array(30).fill('d'.repeat(60))))).toBe(
      `The finding has more than ${findingMaxBytes} bytes.`,
    );
  });
});

describe('a finding of the release before', () => {
  const drug = { name: 'Drug', strength: '1 mg', form: 'not stated', quantity: 28, directions: 'not stated' };
  const message = (outcome: object) =>
    JSON.stringify({ stream: 'dispense/d1', version: 2, uploadEventId: 'e1', outcome });

  it('is a reading that needs a review, whatever its confidence', () => {
    const outcome = { type: 'analyzed', analyzer: 'embedded', confidence: 0.95, drugs: [drug] };
    expect(decodeFinding(message(outcome)).outcome).toEqual({
      type: 'read',
      reading: {
        ...certainReading,
        confidence: 0.95,
        drugs: [
          {
            ...certainDrug,
            form: null,
            directions: null,
            confidence: { name: 0.95, strength: 0.95, form: null, quantity: 0.95, directions: null },
          },
        ],
        doubts: ['read-by-earlier-version'],
      },
    });
  });

  it('that failed is the same', () => {
    const outcome = { type: 'failed', reason: 'The document has no text.' };
    expect(decodeFinding(message(outcome)).outcome).toEqual(outcome);
  });

  it('without drugs, or with the parts of a newer one, is none', () => {
    const outcome = { type: 'analyzed', analyzer: 'embedded', confidence: 0.95, drugs: [] };
    expect(() => decodeFinding(message(outcome))).toThrow(MalformedFindingError);
    const mixed = { ...outcome, drugs: [drug], doubts: [] };
    expect(() => decodeFinding(message(mixed))).toThrow(MalformedFindingError);
  });
});
