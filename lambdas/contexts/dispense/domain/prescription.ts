import * as z from 'zod';
import { type Decision, type Rejection, reject } from '../../../kernel/index.ts';
import type { DataOf, DispenseEvent } from './events.ts';
import { type AnalysisReading, isTrusted } from './trust.ts';

/** Maximum number of pages of one prescription. */
export const pagesMaxCount = 5;

/** A document that was uploaded, and when: ISO 8601, UTC, ms. */
export type UploadedDocument = Omit<
  DataOf<'Dispense:PrescriptionUploaded'>,
  'earlierKeys' | 'sha256' | 'at'
> & { readonly sha256: string; readonly now: string };

/** The result of an analysis. `key`: of the newest page that it includes. */
export type AnalysisResult = { readonly key: string; readonly uploadEventId: string } & (
  | ({ readonly type: 'RecordAnalysis' } & AnalysisReading)
  /** `reason`: a sentence for people, without personal data. */
  | { readonly type: 'FailAnalysis'; readonly reason: string }
);

/** The prescription of a dispense, without personal data. */
export const prescriptionSchema = z
  .object({
    /** Keys of the documents of all pages, in order. */
    keys: z.array(z.string()).min(1).readonly(),
    /** A person must look while it is `to-review`: the reading is not trusted, or the analysis failed. */
    review: z.enum(['under-way', 'to-review', 'trusted', 'confirmed']),
    /** Id of the reading of all pages, or of the failed analysis. */
    analysis: z.string().optional(),
  })
  .readonly()
  // Without its id, a reading cannot be confirmed.
  .refine(({ review, analysis }) => (review === 'under-way') === (analysis === undefined));

export type Prescription = z.output<typeof prescriptionSchema>;

/** The prescription after an upload, which begins an analysis of all pages. */
export function uploaded({ key, earlierKeys }: DataOf<'Dispense:PrescriptionUploaded'>): Prescription {
  return { keys: [...earlierKeys, key], review: 'under-way' };
}

/** The prescription after a person confirmed the newest reading, if there is one. */
export function confirmed(prescription: Prescription): Prescription {
  return prescription.analysis === undefined ? prescription : { ...prescription, review: 'confirmed' };
}

/** Adds a further page to the prescription. The next analysis reads all pages. */
export function addPage(
  { now, ...document }: UploadedDocument,
  prescription: Prescription | undefined,
): Decision<DispenseEvent> {
  if (!prescription) {
    return reject(
      'refused',
      'dispense/no-first-page',
      'The dispense has no prescription to which a page can be added. Upload the first page as its prescription.',
    );
  }
  const { keys } = prescription;
  if (keys.length >= pagesMaxCount) {
    const detail = `A prescription has at most ${pagesMaxCount} pages, and this one has ${keys.length}. Upload a document that replaces them.`;
    return reject('refused', 'dispense/too-many-pages', detail);
  }
  return [{ type: 'Dispense:PrescriptionUploaded', data: { ...document, earlierKeys: keys, at: now } }];
}

/** Records the result of an analysis. Ignores a late one: a newer upload exists, or the result is known. */
export function settleAnalysis(
  { key, ...result }: AnalysisResult,
  { keys, review }: Prescription,
): Decision<DispenseEvent> {
  if (review !== 'under-way' || keys.at(-1) !== key) return [];
  if (result.type === 'FailAnalysis') {
    const { type: _, ...data } = result;
    return [{ type: 'Dispense:AnalysisFailed', data }];
  }
  const { type: _, ...reading } = result;
  return [{ type: 'Dispense:PrescriptionAnalyzed', data: { ...reading, trusted: isTrusted(reading) } }];
}

/** Why a person who has seen the analysis with this id cannot confirm it. Undefined: it is the newest one. */
export function unlessNewest(
  analysis: string,
  prescription: Prescription | undefined,
): { readonly rejection: Rejection } | undefined {
  if (prescription?.review === 'under-way') return analyzing();
  if (prescription?.analysis === analysis) return undefined;
  return reject(
    'refused',
    'dispense/another-analysis',
    'This is not the id of the newest analysis of the prescription. Read the dispense again, and compare its newest analysis with the document.',
  );
}

/** Why the dispense cannot complete yet because of its prescription. Undefined: it can. */
export function unlessSettled(
  prescription: Prescription | undefined,
): { readonly rejection: Rejection } | undefined {
  if (prescription?.review === 'under-way') return analyzing();
  if (prescription?.review !== 'to-review') return undefined;
  return reject(
    'refused',
    'dispense/analysis-unconfirmed',
    'A person must compare the analysis of the prescription with the document. Then confirm the analysis by its id, or add drugs with that id. A better document can replace the prescription.',
  );
}

function analyzing() {
  return reject(
    'refused',
    'dispense/analyzing',
    'The prescription is being analyzed. Wait until the dispense is ready, or cancel it.',
  );
}
