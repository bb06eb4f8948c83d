import type { PrescriptionDocument } from '../../../documents/document-store.ts';
import type { ProposedDrug } from '../../../domain/events.ts';
import { type Analysis, analysisLinesMaxChars } from '../prescription-analyzer.ts';
import type { Doubt } from '../reading/doubts.ts';
import type { Answer } from './answer.ts';
import { textOf as decoded } from './prompt.ts';

const notInDocument: Doubt = 'not-in-document';

/** The confidence of every part that a model read. Nothing measures it, and the model is not asked. */
const statedConfidence = 0.5;

type AnsweredDrug = Answer['drugs'][number];

/** The reading of a model's answer. It is never trusted: a person compares it with the pages. */
export function readingOfAnswer(answer: Answer, pages: readonly PrescriptionDocument[]): Analysis {
  const text = textOf(pages);
  const notUnderstood = fitting(answer.notUnderstood, analysisLinesMaxChars);
  const setAside = fitting(answer.setAside, analysisLinesMaxChars - notUnderstood.chars);
  const { length: notUnderstoodCount } = answer.notUnderstood;
  const notUnderstoodMore =
    notUnderstoodCount + answer.setAside.length - notUnderstood.lines.length - setAside.lines.length;
  return {
    analyzer: 'bedrock',
    confidence: notUnderstoodCount > 0 || notUnderstoodMore > 0 ? 0 : statedConfidence,
    drugs: answer.drugs.map((drug) => proposalOf(drug, text)),
    setAside: setAside.lines,
    notUnderstood: notUnderstood.lines,
    notUnderstoodMore,
    doubts: [],
  };
}

function proposalOf(drug: AnsweredDrug, text: string | undefined): ProposedDrug {
  const of = (part: unknown) => (part === null ? null : statedConfidence);
  return {
    ...drug,
    quantityIsDerived: false,
    confidence: {
      name: statedConfidence,
      strength: of(drug.strength),
      form: of(drug.form),
      quantity: of(drug.quantity),
      directions: of(drug.directions),
    },
    doubts: text === undefined || isIn(text, drug) ? [] : [notInDocument],
  };
}

/** Whether name, strength and quantity occur in the text as they are in the answer. */
function isIn(text: string, { name, strength, quantity }: AnsweredDrug): boolean {
  return [name, strength, quantity].every((part) => part === null || isWholeIn(text, String(part)));
}

/** Whether a part stands in the text as a whole: "5 mg" is not in "25 mg", nor in "0.5 mg". */
function isWholeIn(text: string, part: string): boolean {
  const literal = withSpaces(part).replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}]|\\d[.,/-])${literal}(?![\\p{L}\\p{N}]|[/-]\\d|[.,]\\d)`, 'u').test(
    text,
  );
}

/** The text of the pages. Undefined: a page is a picture or a PDF, whose text is not known here. */
function textOf(pages: readonly PrescriptionDocument[]): string | undefined {
  if (pages.some(({ contentType }) => contentType !== 'text/plain')) return undefined;
  return withSpaces(pages.map(({ bytes }) => decoded(bytes)).join('\n'));
}

/** NFC, as the texts of an answer are. Every white space is one space, because lines are wrapped. */
function withSpaces(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ');
}

/** The lines that have at most `maxChars` UTF-16 code units together. None is cut. */
function fitting(lines: readonly string[], maxChars: number) {
  let chars = 0;
  const fit = lines.filter(({ length }) => {
    const isFitting = chars + length <= maxChars;
    if (isFitting) chars += length;
    return isFitting;
  });
  return { lines: fit, chars };
}
