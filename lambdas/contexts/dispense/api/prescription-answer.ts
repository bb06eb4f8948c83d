import * as z from 'zod';
import { instantField, personalField } from '../../../http/resource.ts';
import type { Revealed } from '../../../kernel/index.ts';
import { doubtTexts } from '../automations/analysis/reading/doubts.ts';
import { documentTypes } from '../domain/events.ts';
import { trustedConfidence } from '../domain/trust.ts';
import type { AnalysisOutcome, DispenseRow, PageRow, PrescriptionRow } from '../read-model/projection.ts';

const stated = z.string().nullable().meta({ description: '`null`: not stated.' });

/** The parts of a line of drugs. */
export const drugSchema = z.object({
  name: z.string(),
  strength: stated,
  form: stated,
  quantity: z.int(),
  directions: stated,
});

const confidence = z.number().min(0).max(1);
const partConfidence = confidence.nullable().meta({ description: '`null`: the part is not stated.' });
/** An analysis of an earlier release lacks some fields. They are never made up. */
const ofEarlierReleases = 'Absent in an analysis of an earlier release.';

const proposedDrugSchema = z.object({
  ...drugSchema.shape,
  quantity: z.int().nullable().meta({ description: '`null`: not stated.' }),
  quantityIsDerived: z
    .boolean()
    .optional()
    .meta({
      description: `The document states no quantity: it is dose times doses a day times days. ${ofEarlierReleases}`,
    }),
  confidence: z
    .object({
      name: confidence,
      strength: partConfidence,
      form: partConfidence,
      quantity: partConfidence,
      directions: partConfidence,
    })
    .optional()
    .meta({ description: `Of each part, from 0, a guess, to 1, certain. ${ofEarlierReleases}` }),
  doubts: z
    .array(z.string())
    .optional()
    .meta({
      description: `Why a person must look at this line, in the codes of the document's. ${ofEarlierReleases}`,
    }),
});

/** What the codes of doubts mean, for the documentation of the API. */
const doubtsMean = Object.entries(doubtTexts)
  .map(([code, text]) => `\`${code}\`: ${text}`)
  .join(' ');

const linesSchema = z.array(personalField(z.string()));

/** What every analysis has. */
const review = {
  id: z
    .string()
    .optional()
    .meta({ description: `A person confirms the analysis with it. ${ofEarlierReleases}` }),
  needsReview: z.boolean().meta({
    description:
      'A person must compare it with the document, and confirm it. Until then the dispense cannot complete.',
  }),
  confirmedAt: instantField.optional(),
};

const analysisSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('analyzed'),
    ...review,
    analyzer: z.enum(['embedded', 'bedrock']),
    trusted: z
      .boolean()
      .meta({ description: 'Each line of the document is accounted for, and nothing is in doubt.' }),
    confidence: confidence.meta({ description: 'The least of all parts: from 0, a guess, to 1, certain.' }),
    drugs: z.array(personalField(proposedDrugSchema)),
    setAside: linesSchema.meta({
      description:
        'Lines about drugs that are not to be handed over, as written: stopped, refused, an allergy.',
    }),
    notUnderstood: linesSchema.meta({
      description: 'Lines that look clinical and were not understood, as written.',
    }),
    notUnderstoodMore: z.int().meta({ description: 'How many more such lines there are.' }),
    doubts: z.array(z.string()).meta({
      description: `Why a person must look at the document as a whole. ${doubtsMean}`,
    }),
  }),
  z.object({ outcome: z.literal('failed'), ...review, reason: z.string() }),
]);

const pageSchema = z.object({
  contentType: z.enum(documentTypes),
  sizeBytes: z.int(),
  sha256: personalField(z.string()),
  uploadedAt: instantField,
});

/** The newest prescription of a dispense as an answer, without the keys of its documents. */
export const prescriptionSchema = z.object({
  ...pageSchema.shape,
  pages: z.array(pageSchema).meta({
    description: 'All pages, in order. The fields beside it are those of the newest page.',
  }),
  analysis: analysisSchema.optional().meta({
    description:
      'The result of the automatic analysis of all pages. It is a proposal: a person adds the drugs.',
  }),
});

/** What tells that nobody reviews an analysis any more. */
type DispenseEnd = Pick<DispenseRow, 'state' | 'erasedAt'>;

/** The prescription of a row as an answer. `dispense`: its row. */
export function prescriptionAnswer(
  { analysis, earlierPages = [], ...newest }: Revealed<PrescriptionRow>,
  dispense: DispenseEnd,
) {
  return {
    ...pageAnswer(newest),
    pages: [...earlierPages, newest].map(pageAnswer),
    ...(analysis && { analysis: analysisAnswer(analysis, dispense) }),
  };
}

function pageAnswer({ key: _, ...page }: Revealed<PageRow>) {
  return page;
}

/** A row of an earlier release has no word on trust. The rule for its events applies. */
function analysisAnswer(analysis: Revealed<AnalysisOutcome>, { state, erasedAt }: DispenseEnd) {
  const isOpen = state !== 'cancelled' && erasedAt === undefined && analysis.confirmedAt === undefined;
  if (analysis.outcome === 'failed') return { ...analysis, needsReview: isOpen };
  const { analyzer, confidence } = analysis;
  const { trusted = analyzer === 'embedded' && confidence >= trustedConfidence } = analysis;
  const nothingElse = { setAside: [], notUnderstood: [], notUnderstoodMore: 0, doubts: [] };
  return { ...nothingElse, ...analysis, trusted, needsReview: isOpen && !trusted };
}
