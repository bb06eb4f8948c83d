import * as z from 'zod';
import type { EventSchemas } from '../../../kernel/upcasting.ts';

/** What a prescription's document may be, as its content shows. */
export const documentTypes = ['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const;

export type DocumentType = (typeof documentTypes)[number];

/** A line of a prescription, or of what is handed over. */
export interface Drug {
  readonly name: string;
  /** With its unit, as it is written on the box: "500 mg". */
  readonly strength: string;
  /** "tablet", "oral solution". */
  readonly form: string;
  /** How many of the form: a whole number of at least 1. */
  readonly quantity: number;
  /** For the patient: "1 tablet three times a day". */
  readonly directions: string;
}

/**
 * Who the drugs are for. A field marked `personal` identifies a person: it never leaves by logs, traces, metrics or
 * errors, and the mark tells what is to be encrypted at rest.
 */
export const patientSchema = z.object({
  name: z.string().meta({ personal: true }),
  /** YYYY-MM-DD. */
  birthDate: z.string().meta({ personal: true }),
  /** As an insurer or a register knows the person. */
  identifier: z.string().optional().meta({ personal: true }),
});

export type Patient = Readonly<z.output<typeof patientSchema>>;

/** Instants are ISO 8601, UTC, ms. */
export type DispenseEvent =
  | { readonly type: 'Dispense:Started'; readonly data: { readonly at: string } }
  | {
      readonly type: 'Dispense:PrescriptionUploaded';
      readonly data: {
        /** Of the object in the document store. */
        readonly key: string;
        readonly sizeBytes: number;
        readonly contentType: DocumentType;
        /** Of the document's bytes, in hexadecimal. */
        readonly sha256: string;
        readonly at: string;
      };
    }
  | {
      readonly type: 'Dispense:PrescriptionAnalyzed';
      /** What a machine has read: a proposal, until a person adds drugs. */
      readonly data: {
        readonly uploadEventId: string;
        readonly analyzer: 'embedded' | 'bedrock';
        /** From 0, a guess, to 1, certain. */
        readonly confidence: number;
        readonly drugs: readonly Drug[];
      };
    }
  | {
      readonly type: 'Dispense:AnalysisFailed';
      /** `reason`: a sentence for people, without personal data. */
      readonly data: { readonly uploadEventId: string; readonly reason: string };
    }
  | { readonly type: 'Dispense:PatientAdded'; readonly data: Patient }
  | { readonly type: 'Dispense:DrugsAdded'; readonly data: { readonly drugs: readonly Drug[] } }
  | { readonly type: 'Dispense:Completed'; readonly data: { readonly at: string } }
  | { readonly type: 'Dispense:Cancelled'; readonly data: { readonly reason: string; readonly at: string } };

/** Every event type of the context, with the upcasters of its older shapes: none has changed yet. */
export const dispenseSchemas: EventSchemas & Record<DispenseEvent['type'], unknown> = {
  'Dispense:Started': [],
  'Dispense:PrescriptionUploaded': [],
  'Dispense:PrescriptionAnalyzed': [],
  'Dispense:AnalysisFailed': [],
  'Dispense:PatientAdded': [],
  'Dispense:DrugsAdded': [],
  'Dispense:Completed': [],
  'Dispense:Cancelled': [],
};
