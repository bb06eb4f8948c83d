import * as z from 'zod';
import { textSchema } from '../../../../http/parameters.ts';
import { type StreamName, streamPattern } from '../../../../kernel/index.ts';
import { drugSchema } from '../../api/requests.ts';
import { dispense } from '../../domain/dispense.ts';
import { analysisLinesMaxChars, analysisMaxDrugs } from './prescription-analyzer.ts';

/** The stream of a dispense of any tenant. */
const dispenseStream = z.custom<StreamName>(
  (value) =>
    typeof value === 'string' && streamPattern.test(value) && value.startsWith(`${dispense.category}/`),
);

const confidence = z.number().min(0).max(1);
/** Codes, see `doubts.ts`. */
const doubts = z
  .array(
    z
      .string()
      .max(60)
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  )
  .max(30);
const lines = z.array(textSchema(analysisLinesMaxChars));

const proposedDrug = z.strictObject({
  ...drugSchema.shape,
  quantity: drugSchema.shape.quantity.nullable(),
  quantityIsDerived: z.boolean(),
  confidence: z.strictObject({
    name: confidence,
    strength: confidence.nullable(),
    form: confidence.nullable(),
    quantity: confidence.nullable(),
    directions: confidence.nullable(),
  }),
  doubts,
});

/** What was read. The limits of a line of drugs are those of a request that adds drugs. */
const readingSchema = z
  .strictObject({
    type: z.literal('analyzed'),
    analyzer: z.enum(['embedded', 'bedrock']),
    confidence,
    drugs: z.array(proposedDrug).max(analysisMaxDrugs),
    setAside: lines,
    notUnderstood: lines,
    notUnderstoodMore: z.int().min(0).max(1_000_000),
    doubts,
  })
  .refine(({ setAside, notUnderstood }) => charsOf([...setAside, ...notUnderstood]) <= analysisLinesMaxChars)
  .refine(({ drugs, notUnderstood }) => drugs.length > 0 || notUnderstood.length > 0);

/** In UTF-16 code units. */
function charsOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** What became of an analysis. */
export const outcomeSchema = z.discriminatedUnion('type', [
  readingSchema,
  /** `reason`: a sentence for people, without personal data. */
  z.strictObject({ type: z.literal('failed'), reason: textSchema(300) }),
]);

/**
 * What the analyzer found in an upload: the form of a message from the analyzer to the recorder. It names the event of the
 * upload, and the version of its commit in the stream.
 *
 * No text has a character that SQS refuses. At most 50 drugs of 900 UTF-16 code units each, and 10,000 units of other lines, are at
 * most 165 kB in UTF-8. With all codes, that is below the 256 KiB of a message.
 */
const findingSchema = z.strictObject({
  stream: dispenseStream,
  version: z.int().min(1),
  uploadEventId: z.string().min(1).max(64),
  outcome: outcomeSchema,
});

export type Outcome = z.output<typeof outcomeSchema>;
export type Finding = z.output<typeof findingSchema>;

/** Where the analyzer sends its findings. */
export interface Findings {
  /** Sends a message that {@link encodeFinding} returned. It may arrive twice. */
  send(message: string): Promise<void>;
}

/** A message is not a finding. The error does not quote it, because it may hold personal data. */
export class MalformedFindingError extends Error {
  override readonly name = 'MalformedFindingError';
}

/** The message of a finding. Throws {@link MalformedFindingError} for one that {@link decodeFinding} would refuse. */
export function encodeFinding(finding: Finding): string {
  return JSON.stringify(checked(finding));
}

/**
 * The finding of a message. The message comes from code that parsed a stranger's file, so nothing in it is trusted. Throws
 * {@link MalformedFindingError}.
 */
export function decodeFinding(message: string): Finding {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    // Without the cause: it quotes the message.
    throw new MalformedFindingError('The message is not JSON.');
  }
  return checked(value);
}

function checked(value: unknown): Finding {
  const { data, error } = findingSchema.safeParse(value);
  if (data) return data;
  const problems = error.issues.map(({ code, path }) => `${path.join('.')} ${code}`.trim());
  throw new MalformedFindingError(`The message is not a finding: ${problems.slice(0, 5).join(', ')}.`);
}
