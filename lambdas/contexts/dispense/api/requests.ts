import * as z from 'zod';
import { birthDateSchema, textSchema } from '../../../http/parameters.ts';
import { personal } from '../../../kernel/index.ts';
import { drugsMaxCount } from '../domain/dispense.ts';

/** The patient, added or corrected, validated more strictly than in the event. */
export const patientRequest = z.object({
  name: personal(textSchema(200)),
  birthDate: personal(birthDateSchema),
  identifier: personal(textSchema(64)).optional(),
});

/** A part of a line that may be missing. Absent means null. */
const stated = (maxChars: number) =>
  textSchema(maxChars).nullable().default(null).meta({ description: '`null`: not stated.' });

/** A line of drugs, as a request or an analysis contains it. */
export const drugSchema = z.strictObject({
  name: textSchema(200),
  strength: stated(100),
  form: stated(100),
  quantity: z.int().min(1).max(100_000).meta({ description: 'How many of the form.' }),
  directions: stated(500),
});

/** The id of an analysis: it is that of the event of an upload. */
const analysisSchema = textSchema(64);

export const addDrugsRequest = z.object({
  analysis: analysisSchema.optional().meta({
    description:
      'The `id` of the newest analysis. It says that a person has seen it, and confirms it. Absent: no analysis is confirmed.',
  }),
  drugs: z
    .array(personal(drugSchema))
    .min(1, { error: 'Expected at least one drug.' })
    .max(drugsMaxCount, { error: `Expected at most ${drugsMaxCount} drugs.` }),
});

export const confirmAnalysisRequest = z.object({
  analysis: analysisSchema.meta({ description: 'The `id` of the newest analysis of the prescription.' }),
});

export const cancelRequest = z.object({ reason: personal(textSchema(500)) });
