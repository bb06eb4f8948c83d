import {
  type BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  type Message,
  type StopReason,
} from '@aws-sdk/client-bedrock-runtime';
import type { PrescriptionDocument } from '../../../documents/document-store.ts';
import {
  type Analysis,
  type PrescriptionAnalyzer,
  SlowAnalysisError,
  UnreadablePrescriptionError,
} from '../prescription-analyzer.ts';
import { type Answer, readAnswer } from './answer.ts';
import { question, repair, systemPrompt } from './prompt.ts';
import { readingOfAnswer } from './reading-of-answer.ts';

/** Options of {@link BedrockAnalyzer}. */
export interface BedrockAnalyzerOptions {
  readonly client: BedrockRuntimeClient;
  /** Id of a model that accepts images and documents, or of an inference profile of such a model. */
  readonly modelId: string;
  /** Timeout of one analysis, including repair and the client's retries. Default: 40 s. */
  readonly timeoutMs?: number;
}

/** The largest image that the service accepts (https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html). */
const imageMaxBytes = 3_750_000;
/** Enough for usual prescriptions. A longer answer is refused: see `max_tokens`. */
const answerMaxTokens = 8_192;

/** The stop reasons for which another attempt does not help, each with a sentence for people. */
const refusals: Partial<Record<StopReason, string>> = {
  content_filtered:
    'The analysis service refused the document because of its content. Enter the drugs by hand.',
  guardrail_intervened: 'A safeguard of the analysis service stopped the analysis. Enter the drugs by hand.',
  max_tokens: 'The prescription is too long to be analyzed. Upload it in parts, or enter the drugs by hand.',
  model_context_window_exceeded:
    'The document is too long to be analyzed. Upload the prescription alone, or enter the drugs by hand.',
};

/**
 * Reads prescriptions with a model, through Amazon Bedrock's Converse API. A malformed answer is sent back once, with its
 * problem.
 * IAM: `bedrock:InvokeModel` on the model, and on the inference profile if `modelId` is one.
 */
export class BedrockAnalyzer implements PrescriptionAnalyzer {
  readonly #client: BedrockRuntimeClient;
  readonly #modelId: string;
  readonly #timeoutMs: number;

  constructor({ client, modelId, timeoutMs = 40_000 }: BedrockAnalyzerOptions) {
    this.#client = client;
    this.#modelId = modelId;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Throws {@link UnreadablePrescriptionError}, {@link SlowAnalysisError}, and the service's errors. After throttling, an outage or a missing
   * permission, another attempt may help.
   */
  async analyze(pages: readonly PrescriptionDocument[]): Promise<Analysis> {
    for (const page of pages) checkSize(page);
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const answer = await this.#ask(question(pages, this.#modelId), limit).catch((error) => {
      throw asOutage(error);
    });
    if (answer.drugs.length + answer.notUnderstood.length === 0) {
      throw new UnreadablePrescriptionError(
        'The analysis service found no drugs in the document. Check that it is a prescription, or enter the drugs by hand.',
      );
    }
    return readingOfAnswer(answer, pages);
  }

  async #ask(asked: Message, abortSignal: AbortSignal): Promise<Answer> {
    const first = await this.#converse([asked], abortSignal);
    const read = readAnswer(first);
    if ('answer' in read) return read.answer;
    const repaired = await this.#converse([asked, ...repair(first, read.problem)], abortSignal);
    const second = readAnswer(repaired);
    if ('answer' in second) return second.answer;
    throw new UnreadablePrescriptionError(
      'The analysis service returned no usable answer for the document in two attempts. Enter the drugs by hand.',
    );
  }

  /** The model's answer as text. */
  async #converse(messages: Message[], abortSignal: AbortSignal): Promise<string> {
    const { output, stopReason } = await this.#client.send(
      new ConverseCommand({
        modelId: this.#modelId,
        system: [{ text: systemPrompt }],
        messages,
        inferenceConfig: { maxTokens: answerMaxTokens, temperature: 0 },
      }),
      { abortSignal },
    );
    const refusal = stopReason && refusals[stopReason];
    if (refusal !== undefined) throw new UnreadablePrescriptionError(refusal);
    return (output?.message?.content ?? []).map(textOf).join('');
  }
}

/** The text of a part of an answer. With citations, a part may be a text with the places that it cites. */
function textOf({ text, citationsContent }: ContentBlock): string {
  return text ?? (citationsContent?.content ?? []).map((part) => part.text ?? '').join('');
}

/** Faults that pass, but have names that mean something else for other services. */
const passing = ['ModelErrorException', 'ServiceQuotaExceededException'];
const slow = ['AbortError', 'TimeoutError'];

/** The error, as an outage if it is one: the model itself failed, or a quota is used up. The end of the time is no outage. */
function asOutage(error: unknown): unknown {
  if (error instanceof Error && slow.includes(error.name)) {
    return new SlowAnalysisError('The analysis service did not answer in time.', { cause: error });
  }
  if (!(error instanceof Error && passing.includes(error.name))) return error;
  const message = `The analysis service did not answer (${error.name}).`;
  return Object.assign(new Error(message, { cause: error }), { name: 'ServiceUnavailableException' });
}

function checkSize({ contentType, bytes }: PrescriptionDocument): void {
  if (contentType.startsWith('image/') && bytes.length > imageMaxBytes) {
    throw new UnreadablePrescriptionError(
      `The image has more than ${imageMaxBytes / 1e6} MB, which the analysis service does not accept. Upload a smaller one.`,
    );
  }
}
