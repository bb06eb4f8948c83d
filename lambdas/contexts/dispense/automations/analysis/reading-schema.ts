import * as z from 'zod';
import { textSchema } from '../../../../http/parameters.ts';
import { drugSchema } from '../../api/requests.ts';
import { analysisLinesMaxChars, analysisMaxDrugs } from './prescription-analyzer.ts';

/** From 0, a guess, to 1, certain. */
export const confidenceSchema = z.number().min(0).max(1);
const partConfidence = confidenceSchema.nullable();

/** Reasons to doubt, as `reading/doubts.ts` lists them: lower-case words joined by "-". */
const doubtsSchema = z
  .array(
    z
      .string()
      .max(60)
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  )
  .max(30);

/** The analyzers. Only what `embedded` read can be trusted. */
export const analyzerSchema = z.enum(['embedded', 'bedrock']);

const proposedDrugSchema = z.strictObject({
  // The limits are those of a request that adds drugs.
  ...drugSchema.shape,
  quantity: drugSchema.shape.quantity.nullable(),
  quantityIsDerived: z.boolean(),
  confidence: z.strictObject({
    name: confidenceSchema,
    strength: partConfidence,
    form: partConfidence,
    quantity: partConfidence,
    directions: partConfidence,
  }),
  doubts: doubtsSchema,
});

/** A line of a document that is no drug to hand over. */
export const lineSchema = textSchema(analysisLinesMaxChars);

const lines = z.array(lineSchema);

/** A reading as the recorder accepts it. Every text is one line without characters that hide or turn text. */
export const readingSchema = z
  .strictObject({
    analyzer: analyzerSchema,
    confidence: confidenceSchema,
    drugs: z.array(proposedDrugSchema).max(analysisMaxDrugs),
    setAside: lines,
    notUnderstood: lines,
    notUnderstoodMore: z.int().min(0).max(1_000_000),
    doubts: doubtsSchema,
  })
  .refine(({ setAside, notUnderstood }) => charsOf([...setAside, ...notUnderstood]) <= analysisLinesMaxChars)
  // A document in which nothing was found is a failed analysis.
  .refine(({ drugs, setAside, notUnderstood }) => drugs.length + setAside.length + notUnderstood.length > 0);

function charsOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
