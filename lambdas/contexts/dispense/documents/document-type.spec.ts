import { describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import { documentTypeOf } from './document-type.ts';

const png = PNG.sync.write(new PNG({ width: 2, height: 2 }));
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
const pdf = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n0\n%%EOF\n');
const prescription = 'Amoxicillin 500 mg capsules, 21\r\n\t1 capsule three times a day – Łódź\f';
/** The end of an archive without files, and a comment. */
const zipEnd = (comment = '') => {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, Buffer.from(comment)]);
};
const prefixed = (hex: string) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(prescription)]);

describe('the type of a document', () => {
  it.each([
    ['PNG', png, 'image/png'],
    ['JPEG', jpeg, 'image/jpeg'],
    ['PDF', pdf, 'application/pdf'],
    ['text', Buffer.from(prescription), 'text/plain'],
    ['text behind a byte order mark', prefixed('efbbbf'), 'text/plain'],
    ['text that begins as a bitmap does', Buffer.from('BM 500 mg'), 'text/plain'],
    ['text that begins with a percent sign', Buffer.from('%20 lotion'), 'text/plain'],
    ['text in UTF-16, little endian', Buffer.from('\ufeff500 mg', 'utf16le'), 'text/plain'],
    ['text in UTF-16, big endian', Buffer.from('\ufeff500 mg', 'utf16le').swap16(), 'text/plain'],
    ['text in UTF-16 without a mark', Buffer.from('500 mg', 'utf16le'), 'text/plain'],
    ['text in Windows-1252', Buffer.from('Sch\xf6n 500 mg, 20 \x80', 'latin1'), 'text/plain'],
    ['text with Ctrl-Z and NULs at its end', Buffer.from('500 mg\x1a\0\0'), 'text/plain'],
    ['text with a NUL as a space', Buffer.from('500\0mg'), 'text/plain'],
    ['text with the line ends of old Macs', Buffer.from('500 mg\r21'), 'text/plain'],
    [
      'PDF behind other bytes',
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), pdf]),
      'application/pdf',
    ],
    ['PNG', Buffer.concat([png, Buffer.from('PK\x05\x06by chance, and more of it'), png]), 'image/png'],
    ['PDF with an archive inside', Buffer.concat([pdf, zipEnd(), pdf]), 'application/pdf'],
  ])('is %s by its content, for any header', async (_what, bytes, type) => {
    expect(await documentTypeOf(bytes, undefined)).toBe(type);
    expect(await documentTypeOf(bytes, 'application/octet-stream')).toBe(type);
    expect(await documentTypeOf(bytes, 'text/plain')).toBe(type);
    if (type !== 'text/plain') expect(await documentTypeOf(bytes, 'image/png')).toBe(type);
  });

  it.each([
    ['a PNG signature on a text', prefixed('89504e470d0a1a0a')],
    ['a JPEG signature on a text', prefixed('ffd8ff')],
    ['a PDF header on a text', Buffer.from(`%PDF-1.7\n${prescription}`)],
    ['a PNG signature alone', png.subarray(0, 8)],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;')],
    ['an archive', Buffer.from('504b03040a0000000000', 'hex')],
    ['a PDF that is an archive too', Buffer.concat([pdf, zipEnd()])],
    ['a PDF in the comment of an archive', Buffer.concat([Buffer.from('%PDF-1.4\n'), zipEnd('%%EOF')])],
    ['a PNG that is an archive too', Buffer.concat([png, zipEnd()])],
    ['an MP3', Buffer.from('fffb9064000000000000000000000000', 'hex')],
    ['an animated PNG', apng()],
    ['a PDF header behind 1,024 bytes', Buffer.concat([Buffer.alloc(1_024, 0x01), pdf])],
    ['text in another encoding of one byte', Buffer.from('\xc0\xec\xee\xea\xf1 500', 'latin1')],
    ['text with a byte that Windows-1252 lacks', Buffer.from('500 mg \x81 tablets', 'latin1')],
    ['half a character of UTF-16', Buffer.from('fffe3500006d', 'hex').subarray(0, 5)],
    ['text with Ctrl-Z in the middle', Buffer.from('500 mg\x1a21 tablets')],
    ['text with an escape sequence', Buffer.from('500\x1b[31mmg')],
    ['text with a C1 control character', Buffer.from('500\u0085mg')],
  ])('is undefined for %s', async (_what, bytes) => {
    for (const header of [undefined, 'text/plain', 'image/png', 'application/pdf'])
      expect(await documentTypeOf(bytes, header)).toBeUndefined();
  });

  it.each(['image/png', 'IMAGE/JPEG', 'application/pdf; charset=utf-8'])(
    'is undefined for text that claims to be %s',
    async (header) => {
      expect(await documentTypeOf(Buffer.from(prescription), header)).toBeUndefined();
    },
  );
});

/** With an animation control chunk between header and data. */
function apng(): Buffer {
  const header = 8 + 25;
  const control = Buffer.from(
    `00000008${Buffer.from('acTL').toString('hex')}000000010000000000000000`,
    'hex',
  );
  return Buffer.concat([png.subarray(0, header), control, png.subarray(header)]);
}
