import * as z from 'zod';
import { defineResource, instantField } from '../../../http/resource.ts';
import { type Dispense, type DispenseStatus, dispenseStatuses } from '../domain/dispense.ts';
import { documentTypes, patientSchema } from '../domain/events.ts';
import { type DispenseRow, dispenseProjection } from '../read-model/projection.ts';

const state = z.enum(dispenseStatuses);

const drugSchema = z.object({
  name: z.string(),
  strength: z.string(),
  form: z.string(),
  quantity: z.int(),
  directions: z.string(),
});

const analysisSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('analyzed'),
    analyzer: z.enum(['embedded', 'bedrock']),
    confidence: z.number().meta({ description: 'From 0, a guess, to 1, certain.' }),
    drugs: z.array(drugSchema),
  }),
  z.object({ outcome: z.literal('failed'), reason: z.string() }),
]);

/** Dispenses, as the API shows them: everything but the key of the document. */
export const dispenses = defineResource({
  projection: dispenseProjection,
  path: '/dispenses',
  noun: 'dispense',
  answer: { state },
  fields: {
    state,
    patient: patientSchema.optional(),
    drugs: z.array(drugSchema).meta({ description: 'To be handed over.' }),
    prescription: z
      .object({
        contentType: z.enum(documentTypes),
        sizeBytes: z.int(),
        sha256: z.string(),
        uploadedAt: instantField,
        analysis: analysisSchema.optional().meta({
          description: 'What a machine has read: a proposal, until a person adds drugs.',
        }),
      })
      .optional(),
    cancelReason: z.string().optional(),
    startedAt: instantField,
    endedAt: instantField.optional(),
    updatedAt: instantField,
  },
  view: ({ prescription, ...row }: DispenseRow) => {
    if (prescription === undefined) return row;
    const { key: _, ...document } = prescription;
    return { ...row, prescription: document };
  },
});

export const prescriptionLinkSchema = z.object({
  url: z.url().meta({ description: 'Anyone with this link can read the document until it expires.' }),
  expiresAt: instantField,
});

/** The part of a command's answer that comes from the dispense's state. */
export interface DispenseAnswer {
  readonly state: DispenseStatus;
}

/** What a command on the dispense answers. Throws for an unknown dispense: no command leaves one. */
export function dispenseAnswer({ status }: Dispense): DispenseAnswer {
  if (status === 'unknown') throw new Error('A dispense that does not exist has no answer.');
  return { state: status };
}
