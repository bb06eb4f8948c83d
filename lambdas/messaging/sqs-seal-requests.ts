import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Effects, Observer } from '../kernel/index.ts';
import type { SealRequest, SealRequests } from '../kernel/segments/index.ts';
import { traceAttributes } from './message-trace.ts';
import { encodeSealRequest } from './seal-message.ts';

/** A stream is not asked for again in this time, in ms. */
const askedForMs = 10 * 60_000;
/** Maximum number of streams that are remembered. All are forgotten when there are more. */
const rememberedMax = 1_000;
/** Time for sending a request, in ms: a reader waits for it. A request that takes longer is given up. */
const sendMaxMs = 500;

/** Asks for sealing by the queue of the sealer. Needs `sqs:SendMessage`. */
export class SqsSealRequests implements SealRequests {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #observer: Pick<Observer, 'warn' | 'traceparent'>;
  readonly #effects: Pick<Effects, 'now' | 'timeLimit'>;
  readonly #askedAtMs = new Map<string, number>();

  constructor(
    client: SQSClient,
    queueUrl: string,
    {
      observer,
      effects,
    }: {
      readonly observer: Pick<Observer, 'warn' | 'traceparent'>;
      readonly effects: Pick<Effects, 'now' | 'timeLimit'>;
    },
  ) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#observer = observer;
    this.#effects = effects;
  }

  async ask(request: SealRequest): Promise<void> {
    const body = encodeSealRequest(request);
    const nowMs = Date.parse(this.#effects.now());
    if (nowMs - (this.#askedAtMs.get(body) ?? Number.NEGATIVE_INFINITY) < askedForMs) return;
    if (this.#askedAtMs.size >= rememberedMax) this.#askedAtMs.clear();
    this.#askedAtMs.set(body, nowMs);
    try {
      const message = new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: body,
        ...traceAttributes(this.#observer.traceparent()),
      });
      await this.#client.send(message, { abortSignal: this.#effects.timeLimit(sendMaxMs) });
    } catch (error) {
      const { stream } = request;
      this.#observer.warn('A stream could not be asked to be sealed. It is read from the log.', {
        stream,
        error,
      });
    }
  }
}
