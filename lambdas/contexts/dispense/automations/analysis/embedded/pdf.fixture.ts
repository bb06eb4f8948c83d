import { constants, deflateRawSync } from 'node:zlib';

/** Options of {@link pdfOf}. */
export interface PdfOptions {
  /** Protects the document with a random password. */
  readonly isEncrypted?: boolean;
}

/** A PDF of pages with lines of text. A page without lines has no text, like a scan. */
export function pdfOf(
  pages: readonly (readonly string[])[],
  { isEncrypted = false }: PdfOptions = {},
): Buffer {
  const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
  const pageNumbers = pages.map((_, index) => 4 + 2 * index);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pageNumbers.map((number) => `${number} 0 R`).join(' ')}] >>`,
    font,
    ...pages.flatMap((lines, index) => {
      const content = contentOf(lines);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return fileOf(objects, isEncrypted ? encryption : '');
}

/** Options of {@link pdfPageOf}. */
export interface PdfPageOptions {
  /** Entries of the page, as `/Rotate 90`. */
  readonly page?: string;
  /** Entries of its resources beside the font `/F1`. */
  readonly resources?: string;
  /** Entries of the catalogue. */
  readonly catalogue?: string;
  /** Pages after the first one, which are among the further objects, as `7 0 R`. */
  readonly morePages?: readonly string[];
  /** Further objects, with the numbers from 6. */
  readonly objects?: readonly string[];
}

/** A PDF with one page of 612 by 792 points, whose content is written in PDF's own operators. */
export function pdfPageOf(
  content: string,
  { page = '', resources = '', catalogue = '', morePages = [], objects = [] }: PdfPageOptions = {},
): Buffer {
  return fileOf(
    [
      `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`,
      `<< /Type /Pages /Count ${1 + morePages.length} /Kids [4 0 R ${morePages.join(' ')}] >>`,
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> ${resources} >> ${page} >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ...objects,
    ],
    '',
  );
}

/** The operators that show a text with its base line at a place. */
export function shown(text: string, x: number, y: number, { size = 12, before = '' } = {}): string {
  return `q BT /F1 ${size} Tf ${before} 1 0 0 1 ${x} ${y} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET Q `;
}

/**
 * A PDF of some MB whose only page inflates to `gib` GiB of white space. The parts of a deflated stream are the same bytes, so
 * they are compressed once (RFC 1951; a full flush ends a part).
 */
export function flateBombOf(gib: number): Buffer {
  const partBytes = 16 * 1024 * 1024;
  const part = deflateRawSync(Buffer.alloc(partBytes, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  const parts = Array.from({ length: (gib * 1024 ** 3) / partBytes }, () => part);
  const stream = Buffer.concat([Buffer.from([0x78, 0x9c]), ...parts, deflateRawSync(Buffer.alloc(0))]);
  const [head = '', tail = ''] = fileOf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>',
      `<< /Length ${stream.length} /Filter /FlateDecode >>\nstream\n@\nendstream`,
    ],
    '',
  )
    .toString('latin1')
    .split('@');
  // The offsets of the objects are before the stream. Readers find the table that follows by searching.
  return Buffer.concat([Buffer.from(head, 'latin1'), stream, Buffer.from(tail, 'latin1')]);
}

const encryption = ` /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'00'.repeat(32)}> /U <${'11'.repeat(32)}> >>`;

function contentOf(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj 0 -20 Td`);
  return `BT /F1 12 Tf 50 750 Td ${shown.join(' ')} ET`;
}

function fileOf(objects: readonly string[], trailer: string): Buffer {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}`;
  return Buffer.from(
    `${file}${table}trailer << /Size ${size} /Root 1 0 R${trailer} >>\nstartxref\n${file.length}\n%%EOF`,
  );
}
