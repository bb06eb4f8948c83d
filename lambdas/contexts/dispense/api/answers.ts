import * as z from 'zod';
import { type Dispense, type DispenseStatus, dispenseStatuses } from '../domain/dispense.ts';
import { documentTypes, patientSchema } from '../domain/events.ts';
import type { DispenseRow } from '../read-model/projection.ts';

const version = z.int().min(1).meta({ description: 'Version of the stream that this reflects.' });
const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds.' });
const state = z.enum(dispenseStatuses);

/** What every command on a dispense answers. */
export const commandAnswerSchema = z.object({ id: z.string(), version, state });

const drugViewSchema = z.object({
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
    drugs: z.array(drugViewSchema),
  }),
  z.object({ outcome: z.literal('failed'), reason: z.string() }),
]);

export const dispenseSchema = z.object({
  id: z.string(),
  version,
  state,
  patient: patientSchema.optional(),
  drugs: z.array(drugViewSchema).meta({ description: 'To be handed over.' }),
  prescription: z
    .object({
      contentType: z.enum(documentTypes),
      sizeBytes: z.int(),
      sha256: z.string(),
      uploadedAt: instant,
      analysis: analysisSchema.optional().meta({
        description: 'What a machine has read: a proposal, until a person adds drugs.',
      }),
    })
    .optional(),
  cancelReason: z.string().optional(),
  startedAt: instant,
  endedAt: instant.optional(),
  updatedAt: instant,
});

export const prescriptionLinkSchema = z.object({
  url: z.url().meta({ description: 'Whoever has it may read the document until it expires.' }),
  expiresAt: instant,
});

/** The part of a command's answer that comes from the dispense's state. */
export interface DispenseAnswer {
  readonly state: DispenseStatus;
}

/** What a command on the dispense answers. No command leaves a dispense unknown. */
export function dispenseAnswer(dispense: Dispense): DispenseAnswer {
  if (dispense.status === 'unknown')
    throw new Error('A dispense that does not exist has no state to answer.');
  return { state: dispense.status };
}

/** What answers hold of a dispense: all but where its document lies. */
export function dispenseView({ id, prescription, ...row }: DispenseRow, rowVersion: number) {
  const view = { id, version: rowVersion, ...row };
  if (prescription === undefined) return view;
  const { key: _, ...document } = prescription;
  return { ...view, prescription: document };
}
