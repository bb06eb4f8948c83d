import * as z from 'zod';
import { drugSchema } from '../../api/requests.ts';
import { analysisMaxDrugs } from './prescription-analyzer.ts';
import type { Doubt } from './reading/doubts.ts';
import { analyzerSchema, confidenceSchema } from './reading-schema.ts';

/** The words of the release before for a part that the document does not state. */
const notStated = 'not stated';

/** Marks what the release before read: it invented quantities, and passed over lines that it did not understand. */
const doubt: Doubt = 'read-by-earlier-version';

const earlierDrugSchema = drugSchema.transform(({ strength, form, directions, ...drug }) => ({
  ...drug,
  strength: stated(strength),
  form: stated(form),
  directions: stated(directions),
}));

/**
 * What the release before found: drugs with a text for what is not stated, and one confidence. It becomes a reading that a person
 * must review. Remove it when no such finding can wait in a queue any more: 14 days after the deployment.
 */
export const earlierReadingSchema = z
  .strictObject({
    type: z.literal('analyzed'),
    analyzer: analyzerSchema,
    confidence: confidenceSchema,
    drugs: z.array(earlierDrugSchema).min(1).max(analysisMaxDrugs),
  })
  .transform(({ analyzer, confidence, drugs }) => ({
    type: 'read' as const,
    reading: {
      analyzer,
      confidence,
      drugs: drugs.map((drug) => ({
        ...drug,
        quantityIsDerived: false,
        confidence: {
          name: confidence,
          strength: drug.strength === null ? null : confidence,
          form: drug.form === null ? null : confidence,
          quantity: confidence,
          directions: drug.directions === null ? null : confidence,
        },
        doubts: [],
      })),
      setAside: [],
      notUnderstood: [],
      notUnderstoodMore: 0,
      doubts: [doubt],
    },
  }));

function stated(text: string | null): string | null {
  return text === notStated ? null : text;
}
