import { z } from 'zod';
import { documentMaxWords, type ReaderAnswer, type Refusal } from './reader-protocol.ts';
import { refusalSentences } from './refusals.ts';

const wordSchema = z.strictObject({
  text: z.string().regex(/^\S+$/u),
  left: z.number(),
  right: z.number(),
  confidence: z.number().min(0).max(1),
});

const lineSchema = z.strictObject({ words: z.array(wordSchema).min(1).max(documentMaxWords) });

const documentSchema = z.strictObject({
  source: z.enum(['text', 'pdf', 'picture']),
  pages: z.array(z.array(lineSchema)),
  doubts: z.array(z.enum(['hidden-text', 'unreadable-part', 'unsure-encoding'])),
});

const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('read'), document: documentSchema }),
  z.strictObject({
    kind: z.literal('refused'),
    because: z.enum(Object.keys(refusalSentences) as [Refusal, ...Refusal[]]),
  }),
]);

/**
 * The answer in the output of a reading process. Undefined if it is none: the process parses files of strangers, so its output
 * is checked.
 */
export function parseAnswer(output: string): ReaderAnswer | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(output)).data;
  } catch {
    // Not JSON.
    return undefined;
  }
}
