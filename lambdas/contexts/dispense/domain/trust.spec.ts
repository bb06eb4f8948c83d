import { describe, expect, it } from '@jest/globals';
import { amoxicillin, ibuprofen, proposed, trustedReading } from './dispense.fixture.ts';
import { type AnalysisReading, isTrusted } from './trust.ts';

const line = proposed(amoxicillin);
const withConfidence = (confidence: Partial<typeof line.confidence>) => ({
  ...line,
  confidence: { ...line.confidence, ...confidence },
});

describe('a reading', () => {
  it.each<[string, Partial<AnalysisReading>]>([
    ['has all parts', {}],
    ['has exactly the least confidence', { confidence: 0.8, drugs: [proposed(amoxicillin, 0.8)] }],
    ['has several drugs', { drugs: [line, proposed(ibuprofen, 1)] }],
    ['sets lines aside', { setAside: ['Stop: Warfarin 3 mg'] }],
    [
      'has parts that are not stated',
      { drugs: [{ ...withConfidence({ quantity: null, form: null }), quantity: null, form: null }] },
    ],
    ['has a derived quantity', { drugs: [{ ...line, quantityIsDerived: true }] }],
  ])('is trusted if it %s', (_what, change) => {
    expect(isTrusted({ ...trustedReading, ...change })).toBe(true);
  });

  it.each<[string, Partial<AnalysisReading>]>([
    ['is by a model, whatever its word', { analyzer: 'bedrock', confidence: 1 }],
    ['has no drug', { drugs: [] }],
    ['has a lower confidence', { confidence: 0.799 }],
    ['has a confidence of 0', { confidence: 0 }],
    ['has no number as confidence', { confidence: Number.NaN }],
    ['has a doubt about the document', { doubts: ['hidden-text'] }],
    ['has a doubt about a line', { drugs: [proposed(ibuprofen), { ...line, doubts: ['unknown-name'] }] }],
    ['has a line that was not understood', { notUnderstood: ['Pred 2.5 1-0-0'] }],
    ['has a line that was not understood and left out', { notUnderstoodMore: 1 }],
    ['claims more than a name', { drugs: [withConfidence({ name: 0.79 })] }],
    ['claims more than a strength', { drugs: [withConfidence({ strength: 0.79 })] }],
    ['claims more than a quantity', { drugs: [line, withConfidence({ quantity: 0 })] }],
  ])('needs a person if it %s', (_what, change) => {
    expect(isTrusted({ ...trustedReading, ...change })).toBe(false);
  });
});
