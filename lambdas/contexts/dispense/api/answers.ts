import * as z from 'zod';
import { defineResource, instantField, personalField } from '../../../http/resource.ts';
import type { Revealed } from '../../../kernel/index.ts';
import { type Dispense, type DispenseStatus, dispenseStatuses } from '../domain/dispense.ts';
import { type DispenseRow, dispenseProjection } from '../read-model/projection.ts';
import { drugSchema, prescriptionAnswer, prescriptionSchema } from './prescription-answer.ts';

const state = z.enum(dispenseStatuses);

const patientSchema = z.object({
  name: personalField(z.string()),
  birthDate: personalField(z.string()),
  identifier: personalField(z.string()).optional(),
  personId: z.string().optional().meta({
    description:
      'Random. The same for all dispenses of a person. Absent for a patient that an earlier release added. Not erased.',
  }),
});

/** Dispenses, as the API shows them: without the key of the document. */
export const dispenses = defineResource({
  projection: dispenseProjection,
  path: '/dispenses',
  noun: 'dispense',
  answer: { state },
  fields: {
    state,
    patient: patientSchema.optional(),
    drugs: z.array(personalField(drugSchema)).meta({ description: 'The drugs to hand over.' }),
    prescription: prescriptionSchema.optional(),
    cancelReason: personalField(z.string()).optional(),
    startedAt: instantField,
    endedAt: instantField.optional(),
    erasedAt: instantField.optional().meta({
      description: 'When the personal data were erased. The dispense can no longer change.',
    }),
    updatedAt: instantField,
  },
  view: ({ prescription, ...row }: Revealed<DispenseRow>) => {
    if (prescription === undefined) return row;
    return { ...row, prescription: prescriptionAnswer(prescription, row) };
  },
  isErased: ({ erasedAt }) => erasedAt !== undefined,
});

/** A link to the document of a prescription. */
export const prescriptionLinkSchema = z.object({
  url: z.url().meta({ description: 'Anyone with this link can read the document until it expires.' }),
  expiresAt: instantField,
});

/** The part of a command's answer that depends on the dispense's state. */
export interface DispenseAnswer {
  readonly state: DispenseStatus;
}

/** The answer to a command on the dispense. Throws for an unknown dispense, which no successful command leaves. */
export function dispenseAnswer({ status }: Dispense): DispenseAnswer {
  if (status === 'unknown') throw new Error('A dispense that does not exist has no answer.');
  return { state: status };
}
