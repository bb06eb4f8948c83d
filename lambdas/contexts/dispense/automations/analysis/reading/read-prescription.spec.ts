import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drugSchema } from '../../../api/requests.ts';
import { analysisMaxDrugs, UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { readPrescription } from './read-prescription.ts';

const amoxicillin = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: 'Take 1 capsule three times daily for 7 days',
};

/** The only drug of a text, as one line: name | strength | form | quantity | directions. */
function read(text: string): string {
  const { drugs } = readPrescription(text);
  return drugs
    .map(({ name, strength, form, quantity, directions }) =>
      [name, strength, form, quantity, directions].join(' | '),
    )
    .join('\n');
}

describe('a line with all parts', () => {
  it.each([
    [
      'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days',
      'Amoxicillin | 500 mg | capsule | 21 | take one three times daily for 7 days',
    ],
    [
      '1) Ibuprofen 400mg tablets  Qty: 30  Sig: 1 tab every 8 hours',
      'Ibuprofen | 400 mg | tablet | 30 | 1 tab every 8 hours',
    ],
    [
      'Paracetamol 250 mg/5 ml oral suspension, 200, Take 5 ml four times a day',
      'Paracetamol | 250 mg/5ml | oral suspension | 200 | Take 5 ml four times a day',
    ],
    [
      'Salbutamol 100 mcg/dose inhaler #1 inhale 2 puffs as needed',
      'Salbutamol | 100 mcg/dose | inhaler | 1 | inhale 2 puffs as needed',
    ],
    [
      'Latanoprost 0.005 % eye drops, 1, one drop in both eyes at night',
      'Latanoprost | 0.005 % | eye drops | 1 | one drop in both eyes at night',
    ],
    [
      'Rx: Metformin 850 mg tab, 60 tablets, one twice daily',
      'Metformin | 850 mg | tablet | 60 | one twice daily',
    ],
    [
      '- Co-amoxiclav 500/125 mg tablets x 21: 1 tab tds',
      'Co-amoxiclav | 500/125 mg | tablet | 21 | 1 tab tds',
    ],
    [
      'Levothyroxine tablets 50 µg, 28, take one in the morning',
      'Levothyroxine | 50 mcg | tablet | 28 | take one in the morning',
    ],
    ['Vitamin D3 1000 iu caps, 90, 1 cap daily', 'Vitamin D3 | 1000 IU | capsule | 90 | 1 cap daily'],
  ])('%s', (line, expected) => {
    expect(read(line)).toBe(expected);
    expect(readPrescription(line).confidence).toBe(1);
  });
});

describe('a prescription of several lines', () => {
  it('is read without the lines about people, places and dates', () => {
    const text = [
      'Riverside Medical Practice',
      'Dr. Helen Moore, 12 Mill Lane',
      'Patient: Jane Sample   Weight 70 g   Born: 1980-05-17',
      'Amoxicillin 500 mg capsules  Qty: 21',
      '',
      'Take 1 capsule three times daily for 7 days',
      'Signature: H. Moore 12 mg',
    ].join('\r\n');
    expect(readPrescription(text)).toEqual({ confidence: 1, drugs: [amoxicillin] });
  });

  it('gives each drug the lines below it', () => {
    const text =
      'Drug A 1 mg tablets\nDisp: 10\nSig: 1 tab at night\nDrug B 2 mg capsules\nQuantity 20\nUse 1 daily';
    expect(read(text)).toBe(
      'Drug A | 1 mg | tablet | 10 | 1 tab at night\nDrug B | 2 mg | capsule | 20 | Use 1 daily',
    );
  });
});

describe('a missing part of a prescription', () => {
  it('is derived from clear directions, with less confidence', () => {
    const text = 'Amoxicillin 500 mg\nTake 1 capsule three times daily for 7 days';
    expect(readPrescription(text)).toEqual({ confidence: 0.825, drugs: [amoxicillin] });
  });

  it.each([
    ['take 1 tablet every 8 hours for 1 week', 21],
    ['2 tablets bd for 5 days', 20],
    ['take one once daily for 2 weeks', 14],
    ['take 1 tablet every 7 hours for 7 days', 1],
    ['take 1 tablet daily', 1],
    ['take as needed for 7 days', 1],
  ])('%s: %i', (directions, quantity) => {
    expect(readPrescription(`Drug 1 mg tablet ${directions}`).drugs).toMatchObject([{ quantity }]);
  });

  it('is "not stated" and lowers the confidence', () => {
    expect(readPrescription('Warfarin 3mg')).toEqual({
      confidence: 0.5,
      drugs: [
        { name: 'Warfarin', strength: '3 mg', form: 'not stated', quantity: 1, directions: 'not stated' },
      ],
    });
    expect(readPrescription('Senna tablets, 20, take two at night').drugs).toEqual([
      {
        name: 'Senna',
        strength: 'not stated',
        form: 'tablet',
        quantity: 20,
        directions: 'take two at night',
      },
    ]);
  });

  it('is not assumed if letters replace digits, but the confidence is lower', () => {
    const { confidence, drugs } = readPrescription('Amoxicillin S0O mg capsules, 21, take one daily');
    expect(drugs).toMatchObject([{ strength: '500 mg' }]);
    expect(confidence).toBe(0.9);
  });
});

describe('an unreadable text', () => {
  it.each([
    '',
    ' \n\t\n',
    'Dear Sir or Madam,\nplease call back.',
    'Take 1 tablet daily',
    'Patient Jane Sample 500 mg',
    'mg mg mg',
    '500 mg',
    'Lorem SOO mg tablets',
  ])('%j cannot be read', (text) => {
    expect(() => readPrescription(text)).toThrow(UnreadablePrescriptionError);
  });

  it('has more drugs than a dispense accepts', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, () => 'Drug 1 mg tablet, 1, use daily').join('\n');
    expect(readPrescription(lines(analysisMaxDrugs)).drugs).toHaveLength(analysisMaxDrugs);
    expect(() => readPrescription(lines(analysisMaxDrugs + 1))).toThrow(UnreadablePrescriptionError);
  });
});

describe('any text', () => {
  const words = [
    'Drug',
    'Ibuprofen',
    '500',
    'mg',
    '/5',
    'ml',
    'tablets',
    'Qty:',
    '#',
    'x',
    ',',
    '\n',
    'Sig:',
    'take',
    '0',
  ];
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2_000 }),
    fc.array(fc.constantFrom(...words), { maxLength: 200 }).map((parts) => parts.join(' ')),
    fc.array(fc.constantFrom(...words), { maxLength: 200 }).map((parts) => parts.join('')),
  );

  it('results in valid drugs or an error that does not quote it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const { confidence, drugs } = readPrescription(text);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(drugs.length).toBeGreaterThan(0);
          // A person can add them as they are.
          for (const drug of drugs) expect(drugSchema.parse(drug)).toEqual(drug);
        } catch (error) {
          if (!(error instanceof UnreadablePrescriptionError)) throw error;
          expect(error.message).toMatch(/^(No drug with its strength|The prescription lists more)/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(['a', ' ', '1', '(', '1/', 'a 1 mg ', ', ', 'mg', 'S', '/ ', 'a a', '5 mg/'])(
    'is read fast if it repeats %j',
    (piece) => {
      // A pattern with backtracking would take years. The timeout of the spec is the limit.
      const text = piece.repeat(1_000_000 / piece.length);
      const read = () => {
        try {
          return readPrescription(text).drugs.length;
        } catch (error) {
          return error instanceof UnreadablePrescriptionError ? 0 : Number.NaN;
        }
      };
      expect(read()).toBeLessThanOrEqual(analysisMaxDrugs);
    },
  );
});
