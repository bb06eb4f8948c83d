import { describe, expect, it } from '@jest/globals';
import type { Analysis } from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import {
  type CalibrationPicture,
  type CalibrationReading,
  thresholdRows,
  thresholdTable,
} from './calibration.ts';

const drug: Analysis['drugs'][number] = {
  name: 'Warfarin',
  strength: '0.5 mg',
  form: 'tablet',
  quantity: 28,
  quantityIsDerived: false,
  directions: null,
  confidence: { name: 0.9, strength: 0.85, form: 0.5, quantity: 0.95, directions: null },
  doubts: ['unclear-text'],
};

const readingWith = (part: Partial<typeof drug>, half: CalibrationPicture['half']): CalibrationReading => ({
  picture: {
    name: 'x.png',
    half,
    damage: 'clean',
    contentType: 'image/png',
    bytes: new Uint8Array(),
    drugs: [{ name: 'warfarin', strength: '0.5 mg', quantity: 28 }],
    mustReview: false,
  },
  reading: {
    analyzer: 'embedded',
    confidence: 0.5,
    drugs: [{ ...drug, ...part }],
    setAside: [],
    notUnderstood: [],
    notUnderstoodMore: 0,
    doubts: [],
  },
});

describe('thresholds for clear text', () => {
  const readings = [
    readingWith({}, 'choosing'),
    readingWith({ strength: '8.5 mg' }, 'choosing'),
    readingWith({ doubts: ['unknown-name'] }, 'choosing'),
    { ...readingWith({}, 'checking'), reading: undefined },
  ];

  it('trust what is clear and has no other doubt, and count what is wrong in it', () => {
    expect(thresholdRows(readings, [0.85, 0.86])).toEqual([
      { threshold: 0.85, half: 'choosing', pictures: 3, right: 2, trusted: 2, trustedAndWrong: 1 },
      { threshold: 0.85, half: 'checking', pictures: 1, right: 0, trusted: 0, trustedAndWrong: 0 },
      { threshold: 0.86, half: 'choosing', pictures: 3, right: 2, trusted: 0, trustedAndWrong: 0 },
      { threshold: 0.86, half: 'checking', pictures: 1, right: 0, trusted: 0, trustedAndWrong: 0 },
    ]);
  });

  it('are a table', () => {
    expect(thresholdTable(thresholdRows(readings, [0.85]))).toBe(
      [
        '| threshold | choosing: trusted of 2 read right | wrong | checking: trusted of 0 read right | wrong |',
        '|---|---|---|---|---|',
        '| 0.85 | 2 | 1 | 0 | 0 |',
      ].join('\n'),
    );
  });
});
