import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { bundleOptions } from '../../../../../../tools/bundle/bundle.ts';
import type { DocumentType } from '../../../domain/events.ts';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { photoOf, prescriptionLines } from '../prescription-photo.fixture.ts';
import { TookTooLongError } from './deadline.ts';
import { EmbeddedAnalyzer, type EmbeddedAnalyzerOptions } from './embedded-analyzer.ts';
import { pdfOf } from './pdf.fixture.ts';

const drugs = [
  {
    name: 'Amoxicillin',
    strength: '500 mg',
    form: 'capsule',
    quantity: 21,
    directions: 'Take 1 capsule three times daily for 7 days',
  },
  {
    name: 'Ibuprofen',
    strength: '400 mg',
    form: 'tablet',
    quantity: 30,
    directions: 'Take 1 tablet every 8 hours with food',
  },
];

/** A folder outside the sources and their packages: everything that reads documents must be next to the bundle. */
const folder = mkdtempSync(join(tmpdir(), 'streamfold-readers-'));
const analyzers: EmbeddedAnalyzer[] = [];

function analyzerWith(options: Partial<EmbeddedAnalyzerOptions> = {}): EmbeddedAnalyzer {
  const readersFolder = join(folder, 'prescription-analyzer/readers');
  const analyzer = new EmbeddedAnalyzer({ readersFolder, ...options });
  analyzers.push(analyzer);
  return analyzer;
}

let analyzer: EmbeddedAnalyzer;

beforeAll(async () => {
  await build(bundleOptions(['prescription-analyzer'], folder));
  analyzer = analyzerWith();
});

afterAll(async () => {
  await Promise.all(analyzers.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

const analyze = (contentType: DocumentType, bytes: Uint8Array, by = analyzer) =>
  by.analyze({ contentType, bytes });

const refuses = async (contentType: DocumentType, bytes: Uint8Array, reason: RegExp) => {
  const error = await analyze(contentType, bytes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreadablePrescriptionError);
  expect((error as Error).message).toMatch(reason);
};

describe('a photo', () => {
  it('of a prescription, slightly rotated and noisy, is read', async () => {
    const { confidence, ...found } = await analyze('image/png', photoOf(prescriptionLines));
    expect(found).toEqual({ analyzer: 'embedded', drugs });
    expect(confidence).toBeGreaterThan(0.8);
    expect(confidence).toBeLessThan(1);
  });

  it.each([
    [1.2, 4],
    [2, 5],
    [3, 5],
  ])('rotated by %d degrees is read', async (rotationDegrees, seed) => {
    const photo = photoOf(prescriptionLines, { rotationDegrees, seed });
    const found = (await analyze('image/png', photo)).drugs;
    expect(found.map(({ name, strength, form, quantity }) => [name, strength, form, quantity])).toEqual([
      ['Amoxicillin', '500 mg', 'capsule', 21],
      ['Ibuprofen', '400 mg', 'tablet', 30],
    ]);
  });

  it('of something else is unreadable', async () => {
    await refuses('image/png', photoOf(['Dear Jane', 'see you soon']), /No drug/);
    await refuses('image/png', photoOf([' ']), /No drug/);
  });

  it('that is damaged, incomplete or not an image is unreadable, and the next one is read', async () => {
    const photo = photoOf(prescriptionLines);
    await refuses('image/png', photo.subarray(0, 3_000), /damaged/);
    await refuses('image/png', photo.subarray(0, 8), /damaged/);
    await refuses('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]), /damaged/);
    await refuses('image/jpeg', Buffer.alloc(0), /damaged/);
    expect((await analyze('image/png', photo)).drugs).toEqual(drugs);
  });

  it('that needs too much memory when decoded is refused by its header', async () => {
    const bomb = photoOf(['x']);
    bomb.writeUInt32BE(5_001, 16);
    bomb.writeUInt32BE(5_000, 20);
    await refuses('image/png', bomb, /more than 25 megapixels/);
  });

  it('that takes too long times out, and the next one is read', async () => {
    const impatient = analyzerWith({ imageTimeoutMs: 1 });
    const photo = photoOf(prescriptionLines);
    await expect(analyze('image/png', photo, impatient)).rejects.toThrow(TookTooLongError);
    expect((await analyze('image/png', photo)).drugs).toEqual(drugs);
  });
});

describe('a PDF', () => {
  it('is read on every page', async () => {
    const pdf = pdfOf([['Riverside Medical Practice'], prescriptionLines]);
    expect(await analyze('application/pdf', pdf)).toEqual({ analyzer: 'embedded', confidence: 1, drugs });
  });

  it.each([
    ['without text', pdfOf([[], []]), /has no text/],
    ['without drugs', pdfOf([['Dear Jane']]), /No drug/],
    ['with a password', pdfOf([prescriptionLines], { isEncrypted: true }), /protected by a password/],
    ['of 21 pages', pdfOf(Array.from({ length: 21 }, () => prescriptionLines)), /more than 20 pages/],
    ['that is none', Buffer.from('%PDF-1.4 and then nothing'), /damaged/],
    ['that is empty', Buffer.alloc(0), /damaged/],
  ])('%s is unreadable', async (_, pdf, reason) => {
    await refuses('application/pdf', pdf, reason);
  });

  it('that takes too long times out', async () => {
    const impatient = analyzerWith({ pdfTimeoutMs: 1 });
    await expect(analyze('application/pdf', pdfOf([prescriptionLines]), impatient)).rejects.toThrow(
      TookTooLongError,
    );
  });
});

describe('an analyzer without its programs', () => {
  it.each(['image/png', 'application/pdf'] as const)(
    'fails with a temporary error: %s',
    async (contentType) => {
      const incomplete = analyzerWith({ readersFolder: join(folder, 'nowhere') });
      const error = await analyze(contentType, photoOf(['x']), incomplete).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: expect.stringContaining('nowhere') });
      expect(error).not.toBeInstanceOf(UnreadablePrescriptionError);
    },
  );
});

describe('plain text', () => {
  it('is read', async () => {
    const text = Buffer.from(prescriptionLines.join('\n'));
    expect(await analyze('text/plain', text)).toEqual({ analyzer: 'embedded', confidence: 1, drugs });
  });
});
