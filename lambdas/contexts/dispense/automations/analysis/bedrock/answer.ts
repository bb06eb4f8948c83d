import * as z from 'zod';
import { drugSchema } from '../../../api/requests.ts';
import { analysisMaxDrugs } from '../prescription-analyzer.ts';
import { lineSchema } from '../reading-schema.ts';

/** Maximum number of lines of each kind. */
const linesMaxCount = 500;

const lines = z.array(lineSchema).max(linesMaxCount);

const answerSchema = z.object({
  drugs: z.array(drugSchema.extend({ quantity: drugSchema.shape.quantity.nullable() })).max(analysisMaxDrugs),
  setAside: lines,
  notUnderstood: lines,
});

/** A valid answer of a model. */
export type Answer = z.output<typeof answerSchema>;

/** Maximum length of the problems that are sent back to the model. */
const problemMaxChars = 2_000;

/** Parses the text of a model. Returns the answer, or a description of the problem for the model. */
export function readAnswer(text: string): { readonly answer: Answer } | { readonly problem: string } {
  // Models often put JSON into Markdown or a sentence.
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: 'It is not JSON.' };
  }
  const { data, error } = answerSchema.safeParse(value);
  return error ? { problem: z.prettifyError(error).slice(0, problemMaxChars) } : { answer: data };
}
