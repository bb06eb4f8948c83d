import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textSchema } from '../../../../../http/parameters.ts';
import { drugSchema } from '../../../api/requests.ts';
import {
  analysisLinesMaxChars,
  analysisMaxDrugs,
  UnreadablePrescriptionError,
} from '../prescription-analyzer.ts';
import { doubtTexts } from './doubts.ts';
import { text } from './prescription-words.fixture.ts';
import { readPrescription, readWithAccount } from './read-prescription.ts';
import type { Reading } from './reading.ts';
import { documentOf } from './text-document.fixture.ts';

/** The reading of a text, or undefined if it has nothing of a prescription. Other errors are thrown. */
function readingOf(written: string): Reading | undefined {
  try {
    return readPrescription(documentOf(written));
  } catch (error) {
    if (!(error instanceof UnreadablePrescriptionError)) throw error;
    expect(error.message).toMatch(
      /^(No drug was found in the document\.|The prescription lists more than 50 drugs\.)/,
    );
    return undefined;
  }
}

/** All characters but white space, in one Unicode form. */
const visible = (written: string) =>
  written
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu, '\uFFFD')
    .replace(/\s/g, '');

describe('any text', () => {
  it('results in a reading within its limits, or in an error that does not quote it', () => {
    fc.assert(
      fc.property(text, (written) => {
        const reading = readingOf(written);
        if (!reading) return;
        const { drugs, confidence, setAside, notUnderstood, notUnderstoodMore, doubts } = reading;
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        const lines = [...setAside, ...notUnderstood];
        for (const line of lines) expect(textSchema(analysisLinesMaxChars).parse(line)).toBe(line);
        expect(lines.join('').length).toBeLessThanOrEqual(analysisLinesMaxChars);
        expect(drugs.length + lines.length + notUnderstoodMore).toBeGreaterThan(0);
        for (const { name, strength, form, quantity, directions, doubts: own } of drugs) {
          const stated = {
            name,
            strength: strength ?? 'x',
            form: form ?? 'x',
            quantity: quantity ?? 1,
            directions: directions ?? 'x',
          };
          // A person can add it as it is.
          expect(drugSchema.parse(stated)).toEqual(stated);
          for (const doubt of [...own, ...doubts]) expect(Object.keys(doubtTexts)).toContain(doubt);
        }
        if (notUnderstood.length + notUnderstoodMore > 0 || drugs.length === 0) expect(confidence).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is accounted for, to the last character', () => {
    fc.assert(
      fc.property(text, (written) => {
        const document = documentOf(written);
        if (readingOf(written) === undefined) return;
        const { reading, account } = readWithAccount(document);
        const read = document.pages.flat().flatMap((line) => line.words.map((word) => word.text));
        const parts = account.map(({ segment }) => segment.text);
        // NFC can join a character with the one before it, so the parts are compared without their order in words.
        expect(visible(parts.join(' '))).toBe(visible(read.join(' ')));
        const of = (fate: string) => account.filter((one) => one.fate === fate).length;
        const listed = reading.setAside.length + reading.notUnderstood.length + reading.notUnderstoodMore;
        expect(listed).toBe(of('set-aside') + of('not-understood'));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    'a',
    ' ',
    '1',
    '(',
    '1/',
    'a 1 mg ',
    ', ',
    'mg',
    'S',
    '/ ',
    'a a',
    '5 mg/',
    'Amoxicillin 500 mg\n',
    'x\n',
    '5 mg\n',
    'take 1\n',
    'Drug | Qty\n',
    '1-',
    '½',
    'Ibuprofen ',
  ])('is read fast if it repeats %j', (piece) => {
    // A pattern with backtracking would take years. The timeout of the spec is the limit.
    const reading = readingOf(piece.repeat(1_000_000 / piece.length));
    expect(reading?.drugs.length ?? 0).toBeLessThanOrEqual(analysisMaxDrugs);
  });
});

describe('a document that cannot be read', () => {
  it.each(['', ' \n\t\n', 'Dear Sir or Madam,\nwe are closed.', 'Patient: Jane Sample'])('%j', (written) => {
    expect(readingOf(written)).toBeUndefined();
  });

  it('has more drugs than a dispense accepts', () => {
    const lines = (count: number) => 'Ibuprofen 400 mg tablets, 1, use daily\n'.repeat(count);
    expect(readingOf(lines(analysisMaxDrugs))?.drugs).toHaveLength(analysisMaxDrugs);
    expect(readingOf(lines(analysisMaxDrugs + 1))).toBeUndefined();
  });

  it('is not one that has a line about drugs that is not understood', () => {
    expect(readingOf('Take 1 tablet daily')).toMatchObject({
      drugs: [],
      notUnderstood: ['Take 1 tablet daily'],
    });
  });
});

describe('the lines that are not understood', () => {
  it('are listed as far as an event can hold them, and all are counted', () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `take ${index} mg nightly`);
    const reading = readingOf(lines.join('\n'));
    expect(reading?.notUnderstood[0]).toBe('take 0 mg nightly');
    expect((reading?.notUnderstood.length ?? 0) + (reading?.notUnderstoodMore ?? 0)).toBe(3_000);
    expect(reading?.notUnderstoodMore).toBeGreaterThan(0);
  });

  it('include a drug beyond the 1,001st line', () => {
    const reading = readingOf(`${'Practice\n'.repeat(5_000)}Amoxicillin 500 mg capsules, 21, take one daily`);
    expect(reading?.drugs).toMatchObject([{ name: 'Amoxicillin', quantity: 21 }]);
  });
});
