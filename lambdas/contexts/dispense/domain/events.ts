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

/** A line of drugs, proposed by an analysis or added by a person. */
const drugSchema = z.strictObject({
  name: z.string(),
  strength: z.string().meta({ description: 'With its unit, as on the box: "500 mg".' }),
  form: z.string().meta({ description: '"tablet", "oral solution".' }),
  quantity: z.int().min(1).meta({ description: 'How many of the form.' }),
  directions: z.string().meta({ description: 'For the patient: "1 tablet three times a day".' }),
});

export type Drug = Immutable<z.output<typeof drugSchema>>;

/** Lines of drugs in an event. Each line has an envelope of its own, so that a fold can count them. */
const drugsSchema = z.array(personal(drugSchema));

/** The person that the drugs are for. */
const patientSchema = z.strictObject({
  name: personal(z.string()),
  /** YYYY-MM-DD. */
  birthDate: personal(z.string()),
  /** The person's number at an insurer or in a register. */
  identifier: personal(z.string()).optional(),
});

/** ISO 8601, UTC, ms. */
const instant = z.string();

/** Every event type of the context. */
export const dispenseEvents = defineEvents({
  'Dispense:Started': { schema: z.strictObject({ at: instant }) },
  'Dispense:PrescriptionUploaded': {
    schema: z.strictObject({
      key: z.string().meta({ description: 'Key of the document in the document store.' }),
      sizeBytes: z.int(),
      contentType: z.enum(documentTypes),
      sha256: personal(z.string().meta({ description: "Hash of the document's bytes, in hexadecimal." })),
      at: instant,
    }),
  },
  /** The result of an analysis. It is a proposal: a person adds the drugs. */
  'Dispense:PrescriptionAnalyzed': {
    schema: z.strictObject({
      uploadEventId: z.string(),
      analyzer: z.enum(['embedded', 'bedrock']),
      confidence: z.number().min(0).max(1).meta({ description: '0 is a guess, 1 is certain.' }),
      drugs: drugsSchema,
    }),
  },
  'Dispense:AnalysisFailed': {
    schema: z.strictObject({
      uploadEventId: z.string(),
      reason: z.string().meta({ description: 'A sentence for people, without personal data.' }),
    }),
  },
  'Dispense:PatientAdded': { schema: patientSchema },
  'Dispense:DrugsAdded': { schema: z.strictObject({ drugs: drugsSchema }) },
  'Dispense:Completed': { schema: z.strictObject({ at: instant }) },
  'Dispense:Cancelled': { schema: z.strictObject({ reason: personal(z.string()), at: instant }) },
});

export type DispenseEvent = EventOf<typeof dispenseEvents>;

/** The data of an event of this type. A personal field is plain or in its envelope. */
export type DataOf<Type extends DispenseEvent['type']> = Extract<DispenseEvent, { type: Type }>['data'];

/** A line of drugs in an event. */
export type RecordedDrug = Personal<Drug>;
