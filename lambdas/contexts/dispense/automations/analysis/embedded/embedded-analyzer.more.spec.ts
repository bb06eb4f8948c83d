import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DocumentType } from '../../../domain/events.ts';
import { pngOf } from '../png.fixture.ts';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { photoOf, prescriptionLines } from '../prescription-photo.fixture.ts';
import { EmbeddedAnalyzer } from './embedded-analyzer.ts';
import { pdfOf } from './pdf.fixture.ts';
import { type BuiltReaders, buildReaders, linesIn, sample } from './readers-under-test.fixture.ts';

let readers: BuiltReaders;
let analyzer: EmbeddedAnalyzer;

beforeAll(async () => {
  readers = await buildReaders();
  analyzer = new EmbeddedAnalyzer(readers);
});

afterAll(() => readers.remove());

const read = (contentType: DocumentType, bytes: Uint8Array) => analyzer.read([{ contentType, bytes }]);

const refuses = async (contentType: DocumentType, bytes: Uint8Array, reason: RegExp) => {
  const error = await read(contentType, bytes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreadablePrescriptionError);
  expect((error as Error).message).toMatch(reason);
};

const written = prescriptionLines.filter((line) => line !== '').map((line) => line.replace(/ {2,}/g, ' '));
const asSentence = (line: string) => line.replaceAll(' | ', ' ');

describe('a photo', () => {
  it.each([
    [-2.5, 1],
    [1.2, 4],
    [3, 5],
  ])('of a prescription, rotated by %d degrees and noisy, is read', async (rotationDegrees, seed) => {
    const text = await read('image/png', photoOf(prescriptionLines, { rotationDegrees, seed }));
    expect(text).toMatchObject({ source: 'picture', doubts: [] });
    const lines = linesIn(text).map(asSentence);
    expect(lines).toContain('Amoxicillin 500 mg capsules Qty: 21');
    expect(lines).toContain('Take 1 tablet every 8 hours with food');
    const confidences = text.pages.flat().flatMap(({ words }) => words.map(({ confidence }) => confidence));
    expect(Math.max(...confidences)).toBeLessThan(1);
  });

  it('of nothing is unreadable', async () => {
    await refuses('image/png', pngOf(300, 200, new Uint8Array(300 * 200 * 3).fill(255)), /No text/);
  });

  it('that is damaged, incomplete or not an image is unreadable', async () => {
    const photo = photoOf(prescriptionLines);
    await refuses('image/png', photo.subarray(0, 3_000), /damaged/);
    await refuses('image/png', photo.subarray(0, 8), /damaged/);
    await refuses('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]), /damaged/);
    await refuses('image/jpeg', Buffer.alloc(0), /damaged/);
  });

  it('that needs too much memory when decoded is refused by its header', async () => {
    const bomb = photoOf(['x']);
    bomb.writeUInt32BE(5_001, 16);
    bomb.writeUInt32BE(5_000, 20);
    await refuses('image/png', bomb, /more than 25 megapixels/);
  });
});

/** What the samples in `image` state, unless their name says otherwise. */
const onPictures = [
  '1. Amoxicillin 500 mg capsules Qty: 21',
  'Take 1 capsule three times daily for 7 days',
  '2. Warfarin 0.5 mg tablets Qty: 28',
  'Take 1 tablet each evening',
  '3. Prednisolone 2.5 mg tablets Qty: 30',
  'Take 2 tablets each morning with food',
];

describe('a picture', () => {
  it.each([
    'image/02-rotated-90.png',
    'image/05-skew-4.png',
    'image/07-photo-shadow.jpg',
    'image/12-low-res-60dpi.png',
    'image/14-progressive.jpg',
    'image/16-exif-orientation-6.jpg',
  ])('%s is read upright, line by line', async (path) => {
    const lines = linesIn(await analyzer.read([sample(path)])).map(asSentence);
    expect(lines).toEqual(expect.arrayContaining(onPictures));
  });

  it('of a table with rules keeps the columns', async () => {
    const lines = linesIn(await analyzer.read([sample('image/27-table-with-rules.png')]));
    expect(lines).toContain('Amoxicillin | 500 mg | capsule | 21 | 1 three times a day');
  });

  it('that moves has a part that is not read', async () => {
    const text = await analyzer.read([sample('image/25-apng.png')]);
    expect(text.doubts).toEqual(['unreadable-part']);
  });

  it('of handwriting is not certain', async () => {
    const text = await analyzer.read([sample('image/09-handwriting-breip.png')]);
    const drugs = text.pages.flat().filter(({ words }) => words.some((word) => /mg|ng/.test(word.text)));
    for (const { words } of drugs)
      expect(Math.min(...words.map(({ confidence }) => confidence))).toBeLessThan(0.5);
  });
});

const onPdfs = [
  '1. Amoxicillin 500 mg capsules Qty: 21',
  'Take 1 capsule three times daily for 7 days',
  '2. Warfarin 0.5 mg tablets Qty: 28',
  'Take 1 tablet each evening',
];

describe('a PDF', () => {
  it('is read on every page', async () => {
    const text = await read('application/pdf', pdfOf([['Riverside Medical Practice'], prescriptionLines]));
    expect(text).toMatchObject({ source: 'pdf', doubts: [] });
    expect(text.pages.map((page) => page.length)).toEqual([1, written.length]);
    expect(linesIn(text).map(asSentence)).toEqual(['Riverside Medical Practice', ...written]);
  });

  it.each([
    ['pdf/01-clean.pdf', 'pdf', []],
    ['pdf/08a-ttf-subset.pdf', 'pdf', []],
    ['pdf/15-each-letter-placed.pdf', 'pdf', []],
    ['pdf/11-hidden-white-1pt-text.pdf', 'pdf', ['hidden-text']],
    ['pdf/03-scan-image-only.pdf', 'picture', []],
    ['pdf/04-searchable-scan-ocr-layer-lost-decimals.pdf', 'picture', ['hidden-text']],
  ])('%s is read as people see it', async (path, source, doubts) => {
    const text = await analyzer.read([sample(path)]);
    expect(text).toMatchObject({ source, doubts });
    const lines = linesIn(text).map(asSentence);
    expect(lines).toEqual(expect.arrayContaining(onPdfs));
    expect(lines.join()).not.toMatch(/morphine/i);
  });

  it('with columns keeps them, in rows', async () => {
    const table = linesIn(await analyzer.read([sample('pdf/09-table-row-order.pdf')]));
    expect(table).toContain('Warfarin | 0.5 mg | tablet | 28 | 1 each evening');
    const wrapped = linesIn(await analyzer.read([sample('pdf/17-ehr-wrapped-directions-column.pdf')]));
    expect(wrapped.slice(0, 2)).toEqual([
      'Methotrexate 2.5 mg tablets | Qty: 24 | Take 6 tablets by mouth',
      'ONCE A WEEK on Mondays',
    ]);
  });

  it.each([
    ['without text', pdfOf([[], []]), /No text/],
    ['with a password', pdfOf([prescriptionLines], { isEncrypted: true }), /protected by a password/],
    ['with a password', sample('pdf/06-encrypted-user-password.pdf').bytes, /protected by a password/],
    ['of 21 pages', pdfOf(Array.from({ length: 21 }, () => prescriptionLines)), /more than 20 pages/],
    ['that is none', Buffer.from('%PDF-1.4 and then nothing'), /damaged/],
    ['that is empty', Buffer.alloc(0), /damaged/],
  ])('%s is unreadable', async (_, pdf, reason) => {
    await refuses('application/pdf', pdf, reason);
  });
});

describe('several pages', () => {
  it('are one text in their order, with the doubts of all', async () => {
    const text = await analyzer.read([
      { contentType: 'text/plain', bytes: Buffer.from('Page one') },
      sample('pdf/11-hidden-white-1pt-text.pdf'),
      { contentType: 'text/plain', bytes: Buffer.from('Ramipril 5 mg für 7 Tage', 'latin1') },
    ]);
    expect(text).toMatchObject({ source: 'pdf', doubts: ['hidden-text', 'unsure-encoding'] });
    expect(linesIn(text).at(0)).toBe('Page one');
    expect(linesIn(text).at(-1)).toBe('Ramipril 5 mg für 7 Tage');
  });

  it('with too many words are unreadable', async () => {
    const page = { contentType: 'text/plain', bytes: Buffer.from('a '.repeat(20_000)) } as const;
    await expect(analyzer.read([page, page, page])).rejects.toThrow(/too much text/);
  });

  it('have one time limit together', async () => {
    const hasty = new EmbeddedAnalyzer({ ...readers, timeoutMs: 1 });
    await expect(
      hasty.read([sample('pdf/01-clean.pdf'), sample('pdf/09-table-row-order.pdf')]),
    ).rejects.toThrow(/takes too long/);
  });
});

describe('an analyzer without its programs', () => {
  it.each(['image/png', 'application/pdf'] as const)(
    'fails with a temporary error: %s',
    async (contentType) => {
      const incomplete = new EmbeddedAnalyzer({
        ...readers,
        readersFolder: `${readers.readersFolder}/nowhere`,
      });
      const pages = [{ contentType, bytes: photoOf(['x']) }];
      const error = await incomplete.read(pages).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: expect.stringContaining('nowhere') });
      expect(error).not.toBeInstanceOf(UnreadablePrescriptionError);
    },
  );
});

describe('an analysis', () => {
  it('names the drugs of the text', async () => {
    const bytes = Buffer.from(prescriptionLines.join('\n'));
    const { analyzer: name, drugs } = await analyzer.analyze([{ contentType: 'text/plain', bytes }]);
    expect(name).toBe('embedded');
    expect(drugs.map((drug) => [drug.name, drug.strength, drug.quantity])).toEqual([
      ['Amoxicillin', '500 mg', 21],
      ['Ibuprofen', '400 mg', 30],
    ]);
  });
});
