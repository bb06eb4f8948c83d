import * as z from 'zod';
import {
  defineEvents,
  type EventOf,
  type Immutable,
  type Personal,
  personal,
} from '../../../kernel/index.ts';

/** The content types that a prescription can have. */
export const documentTypes = ['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const;

export type DocumentType = (typeof documentTypes)[number];

/** A part of a line of drugs that a document or a person may leave out. Null: not stated. None is ever invented. */
const stated = z.string().nullable();

const drugSchema = z.strictObject({
  name: z.string(),
  strength: stated.meta({ description: 'With its unit, as written: "500 mg". Null: not stated.' }),
  form: stated.meta({ description: '"tablet", "oral solution". Null: not stated.' }),
  quantity: z.int().min(1).meta({ description: 'How many of the form.' }),
  directions: stated.meta({
    description: 'For the patient: "1 tablet three times a day". Null: not stated.',
  }),
});

/** A line of drugs to hand over, as a person adds it. */
export type Drug = Immutable<z.output<typeof drugSchema>>;

/** From 0, a guess, to 1, certain. */
const confidence = z.number().min(0).max(1);
/** Of a part that may be missing. Null: it is not stated. */
const partConfidence = confidence.nullable();

/** A reason why a person must look at a reading, in lower-case words joined by "-". See `doubts.ts`. */
const doubt = z.string();

const proposedDrugSchema = z.strictObject({
  ...drugSchema.shape,
  quantity: drugSchema.shape.quantity.nullable(),
  quantityIsDerived: z
    .boolean()
    .meta({ description: 'The quantity is not stated: it is dose times doses a day times days.' }),
  confidence: z.strictObject({
    name: confidence,
    strength: partConfidence,
    form: partConfidence,
    quantity: partConfidence,
    directions: partConfidence,
  }),
  doubts: z.array(doubt),
});

/** A line of drugs that an analysis read in a document. What the document does not state is null. */
export type ProposedDrug = Immutable<z.output<typeof proposedDrugSchema>>;

/** The same in an event. A line of schema version 1 has only the parts of {@link Drug}. Nothing is made up for it. */
const recordedProposalSchema = z.strictObject({
  ...proposedDrugSchema.shape,
  ...proposedDrugSchema.pick({ quantityIsDerived: true, confidence: true, doubts: true }).partial().shape,
});

/** Lines of drugs in an event. Each line has an envelope of its own, so that a fold can count them. */
const drugsSchema = z.array(personal(drugSchema));

/** Lines of a document, as written. */
const linesSchema = z.array(personal(z.string()));

/** The person that the drugs are for. */
const patientSchema = z.strictObject({
  name: personal(z.string()),
  /** YYYY-MM-DD. */
  birthDate: personal(z.string()),
  /** The person's number at an insurer or in a register. */
  identifier: personal(z.string()).optional(),
});

/** Random, the same for every dispense of the person. */
const personId = z.string().meta({ description: 'Random id of the person.' });

/** Why data are erased: lower-case words joined by "-", from the list of the erasure. No free text. */
const legalGround = z
  .string()
  .max(40)
  .regex(/^[a-z]+(?:-[a-z]+)*$/);

/** ISO 8601, UTC, ms. */
const instant = z.string();

/**
 * In version 1, a confidence of 0.8 or more needed no review. A model's word about itself is not believed any more. The lines have no
 * parts of the newer ones.
 */
function trustedByConfidence(data: object): object {
  const { analyzer, confidence: stated } = data as { readonly analyzer: string; readonly confidence: number };
  const trusted = analyzer === 'embedded' && stated >= 0.8;
  return { ...data, trusted, setAside: [], notUnderstood: [], notUnderstoodMore: 0, doubts: [] };
}

/** Every event type of the context. */
export const dispenseEvents = defineEvents({
  'Dispense:Started': { schema: z.strictObject({ at: instant }) },
  'Dispense:PrescriptionUploaded': {
    schema: z.strictObject({
      key: z.string().meta({ description: 'Key of the document in the document store.' }),
      earlierKeys: z.array(z.string()).meta({
        description: 'Keys of the earlier pages, if this document is a further page. Otherwise empty.',
      }),
      sizeBytes: z.int(),
      contentType: z.enum(documentTypes),
      sha256: personal(z.string().meta({ description: "Hash of the document's bytes, in hexadecimal." })),
      at: instant,
    }),
    // In version 1, each upload replaced the prescription.
    upcasters: [{ from: 1, upcast: (data) => ({ ...data, earlierKeys: [] }) }],
  },
  /** The result of an analysis of all pages. It is a proposal: a person adds the drugs. */
  'Dispense:PrescriptionAnalyzed': {
    schema: z.strictObject({
      uploadEventId: z.string(),
      analyzer: z.enum(['embedded', 'bedrock']),
      trusted: z.boolean().meta({ description: 'If not, a person must confirm the reading.' }),
      confidence: confidence.meta({ description: 'The least of all parts. 0 is a guess, 1 is certain.' }),
      drugs: z.array(personal(recordedProposalSchema)),
      setAside: linesSchema.meta({
        description: 'Lines about drugs that are not to be handed over: stopped, refused, an allergy.',
      }),
      notUnderstood: linesSchema.meta({ description: 'Lines that look clinical and were not understood.' }),
      notUnderstoodMore: z.int().min(0).meta({ description: 'How many more such lines were left out.' }),
      doubts: z.array(doubt).meta({ description: 'Of the document as a whole.' }),
    }),
    upcasters: [{ from: 1, upcast: trustedByConfidence }],
  },
  'Dispense:AnalysisFailed': {
    schema: z.strictObject({
      uploadEventId: z.string(),
      reason: z.string().meta({ description: 'A sentence for people, without personal data.' }),
    }),
  },
  /** A person has compared the newest reading, or the document that could not be read, with what is handed over. */
  'Dispense:AnalysisConfirmed': { schema: z.strictObject({ uploadEventId: z.string(), at: instant }) },
  // Events of releases before have no `personId`. Code of those releases reads the field and does not use it.
  'Dispense:PatientAdded': { schema: patientSchema.extend({ personId: personId.optional() }) },
  /** The patient as it should have been, as a whole. */
  'Dispense:PatientCorrected': { schema: patientSchema.extend({ personId }) },
  'Dispense:DrugsAdded': {
    schema: z.strictObject({
      drugs: drugsSchema,
      confirmsAnalysis: z
        .boolean()
        .meta({ description: 'The person had seen the newest reading, and this confirms it.' }),
    }),
    // In version 1, drugs that were added closed the review.
    upcasters: [{ from: 1, upcast: (data) => ({ ...data, confirmsAnalysis: true }) }],
  },
  'Dispense:Completed': { schema: z.strictObject({ at: instant }) },
  'Dispense:Cancelled': { schema: z.strictObject({ reason: personal(z.string()), at: instant }) },
  /** The last event: the key of the dispense is destroyed after it. */
  'Dispense:Erased': { schema: z.strictObject({ legalGround, at: instant }) },
});

export type DispenseEvent = EventOf<typeof dispenseEvents>;

/** The data of an event of this type. A personal field is plain or in its envelope. */
export type DataOf<Type extends DispenseEvent['type']> = Extract<DispenseEvent, { type: Type }>['data'];

/** A line of drugs in an event. */
export type RecordedDrug = Personal<Drug>;

/** A line of drugs of an analysis in an event. One of schema version 1 lacks the confidences and the doubts. */
export type RecordedProposal = DataOf<'Dispense:PrescriptionAnalyzed'>['drugs'][number];
