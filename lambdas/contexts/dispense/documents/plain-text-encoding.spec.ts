import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePlainText } from './plain-text-encoding.ts';

const text = 'Amoxicillin 500 mg capsules, 21';
const littleEndian = (value: string) => Buffer.from(value, 'utf16le');
const bigEndian = (value: string) => Buffer.from(value, 'utf16le').swap16();

describe('the text of a file', () => {
  it.each([
    ['UTF-8', Buffer.from('½ Tablette täglich'), '½ Tablette täglich', true],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), text, true],
    ['UTF-16 with a mark', littleEndian(`\ufeff${text} Łódź`), `${text} Łódź`, true],
    ['UTF-16, big endian, with a mark', bigEndian(`\ufeff${text}`), text, true],
    ['UTF-16 without a mark', littleEndian(text), text, false],
    ['UTF-16, big endian, without a mark', bigEndian(text), text, false],
    ['Windows-1252', Buffer.from('f\xfcr 7 Tage, 20 \x80', 'latin1'), 'für 7 Tage, 20 €', false],
    ['ASCII and Ctrl-Z', Buffer.from(`${text}\x1a`), text, true],
    ['ASCII and NULs', Buffer.from(`${text}\0\0\0`), text, true],
    ['ASCII with NULs between fields', Buffer.from('500\0mg'), '500 mg', false],
    ['UTF-8 after a program that lost a character', Buffer.from('f\ufffdr 7 Tage'), 'f\ufffdr 7 Tage', false],
    ['nothing', Buffer.alloc(0), '', true],
  ])('in %s is decoded, and is sure only if nothing else is possible', (_what, bytes, expected, isSure) => {
    expect(decodePlainText(bytes)).toEqual({ text: expected, isSure });
  });

  it('is the same after any of the Unicode encodings with a mark', () => {
    const printable = fc.string({ unit: 'binary' }).filter((one) => !/[\p{Cc}\ufffd\ufeff]/u.test(one));
    fc.assert(
      fc.property(printable, (one) => {
        const marked = `\ufeff${one}`;
        for (const bytes of [Buffer.from(marked), littleEndian(marked), bigEndian(marked)]) {
          expect(decodePlainText(bytes)).toEqual({ text: one, isSure: true });
        }
      }),
    );
  });
});
