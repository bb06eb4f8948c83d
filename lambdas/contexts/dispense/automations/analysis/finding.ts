import * as z from 'zod';
import { textSchema } from '../../../../http/parameters.ts';
import {
  type Envelope,
  isEnvelope,
  isWellFormed,
  type StreamName,
  streamPattern,
} from '../../../../kernel/index.ts';
import { traceAttributesMaxBytes } from '../../../../messaging/message-trace.ts';
import { dispense } from '../../domain/dispense.ts';
import { earlierReadingSchema } from './earlier-finding.ts';
import type { Analysis } from './prescription-analyzer.ts';
import { readingSchema } from './reading-schema.ts';

/** The stream of a dispense of any tenant. */
const dispenseStream = z.custom<StreamName>(
  (value) =>
    typeof value === 'string' && streamPattern.test(value) && value.startsWith(`${dispense.category}/`),
);

/** `reason`: a sentence for people, without personal data. */
const failedSchema = z.strictObject({ type: z.literal('failed'), reason: textSchema(300) });

const envelopeSchema = z.custom<Envelope>((value) => isEnvelope(value) && isWellFormed(value));

/**
 * `sealed` is the form of a reading. `read` and `analyzed` are those of the releases before, which may still wait in the queue; `analyzed`
 * becomes `read`.
 */
const outcomeSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sealed'), reading: envelopeSchema }),
  z.strictObject({ type: z.literal('read'), reading: readingSchema }),
  earlierReadingSchema,
  failedSchema,
]);

/** The form of a message from the analyzer to the recorder. No text has a character that SQS refuses. */
const findingSchema = z.strictObject({
  stream: dispenseStream,
  version: z.int().min(1),
  uploadEventId: z.string().min(1).max(64),
  outcome: outcomeSchema,
});

/** What became of an analysis. */
export type Outcome =
  | { readonly type: 'read'; readonly reading: Analysis }
  | { readonly type: 'failed'; readonly reason: string };

/** An outcome as a message has it. `sealed`: the reading is encrypted by the key of the dispense, see `sealed-reading.ts`. */
export type SentOutcome = Outcome | { readonly type: 'sealed'; readonly reading: Envelope };

/** What the analyzer found in an upload. */
export interface Finding {
  readonly stream: StreamName;
  /** Of the commit of the upload. */
  readonly version: number;
  readonly uploadEventId: string;
  readonly outcome: SentOutcome;
}

/**
 * Maximum bytes of a message in UTF-8: the 256 KiB of SQS, without what its trace context needs. The largest reading that can be recorded fits, sealed
 * too.
 */
export const findingMaxBytes = 256 * 1024 - traceAttributesMaxBytes;

/** Where the analyzer sends its findings. */
export interface Findings {
  /** Sends a message that {@link encodeFinding} returned. It may arrive twice. `traceparent`: its W3C trace context. Default: none. */
  send(message: string, traceparent?: string): Promise<void>;
}

/** A message is not a finding. The error does not quote it, because it may hold personal data. */
export class MalformedFindingError extends Error {
  override readonly name = 'MalformedFindingError';
}

/** The message of a finding. Throws {@link MalformedFindingError} for one that {@link decodeFinding} or SQS would refuse. */
export function encodeFinding(finding: Finding): string {
  const message = JSON.stringify(checked(finding));
  if (Buffer.byteLength(message) <= findingMaxBytes) return message;
  throw new MalformedFindingError(`The finding has more than ${findingMaxBytes} bytes.`);
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
