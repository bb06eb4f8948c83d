import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Upload } from './caller.ts';

const picture = join(import.meta.dirname, '../../../../bruno/documents/prescription.png');
const asText = (content: string): Upload => ({ contentType: 'text/plain; charset=utf-8', content });

/** Every name is invented. */
export const clearText = asText(`Riverside Medical Practice
Dr. Helen Moore, 12 Mill Lane

Amoxicillin 500 mg capsules  Qty: 21
Take 1 capsule three times daily for 7 days
`);

/** Its second drug states no quantity, so a person must look. */
export const doubtfulText = asText(`Harbour Road Surgery
Dr. Samuel Brook

Ibuprofen 400 mg tablets  Qty: 30
Take 1 tablet every 8 hours with food

Amoxicillin capsules
as directed, only if the fever returns
`);

export const noPrescription = asText('Bread, milk, and a birthday card.\n');

/** A photograph of a printed prescription. */
export async function photograph(): Promise<Upload> {
  return { contentType: 'image/png', content: Buffer.from(await readFile(picture)) };
}

/** A PDF of one page with text, as small as the format allows. */
export function pdf(): Upload {
  const lines = [
    'Riverside Medical Practice',
    'Paracetamol 500 mg tablets  Qty: 32',
    'Take 2 tablets every 6 hours',
  ];
  const shown = lines.map((line) => `(${line}) Tj 0 -24 Td`).join('\n');
  const stream = `BT /F1 14 Tf 60 740 Td\n${shown}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  return { contentType: 'application/pdf', content: Buffer.from(withTable(objects), 'latin1') };
}

/** The objects with the table of their positions, which ends every PDF. */
function withTable(objects: readonly string[]): string {
  let text = '%PDF-1.4\n';
  const positions = objects.map((object, at) => {
    const position = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(position).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  return `${text}xref\n0 ${size}\n0000000000 65535 f \n${positions.join('')}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
}
