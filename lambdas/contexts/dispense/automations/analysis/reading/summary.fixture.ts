import { isTrusted } from './is-trusted.fixture.ts';
import { readPrescription } from './read-prescription.ts';
import { documentOf } from './text-document.fixture.ts';

/**
 * The reading of a text in short lines: "trusted" or "to review" with the doubts of the document, then a line for each drug (name | strength |
 * form | quantity | directions, "=" before a derived quantity, doubts at the end), "aside: …" and "? …" for lines not understood.
 */
export function summaryOf(text: string): string[] {
  const reading = readPrescription(documentOf(text));
  const { drugs, setAside, notUnderstood, doubts } = reading;
  return [
    [isTrusted(reading) ? 'trusted' : 'to review', ...doubts].join(' '),
    ...drugs.map(({ name, strength, form, quantity, quantityIsDerived, directions, doubts: own }) =>
      [
        [name, strength, form, quantityIsDerived ? `=${quantity}` : quantity, directions]
          .map((part) => part ?? '-')
          .join(' | '),
        ...own.map((doubt) => `(${doubt})`),
      ].join(' '),
    ),
    ...setAside.map((line) => `aside: ${line}`),
    ...notUnderstood.map((line) => `? ${line}`),
  ];
}
