import {
  BatchRequestTooLong,
  type GetQueueAttributesCommandInput,
  QueueDoesNotExist,
  type SendMessageBatchCommandInput,
  type SendMessageBatchResultEntry,
  type SendMessageCommandInput,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import type { SimulatedCall, SimulatedService } from '../world/world.ts';
import { SimulatedQueue } from './queue.ts';

/** What SendMessageBatch accepts: 10 messages, and 256 KiB in all. */
const limits = { entries: 10, bytes: 256 * 1024 };

/** What a queue is. */
export interface QueueProps {
  readonly name: string;
  /** Deliveries of a message before it moves to the failure queue. */
  readonly maxReceives: number;
  /** The work queue that is its failure queue, an earlier one of the list. Default: a queue that nothing consumes. */
  readonly failures?: string;
}

/** The URL of a work queue. */
export function queueUrl(name: string): string {
  return `https://sqs.simulated/${name}`;
}

/** The URL of the failure queue of a work queue. */
export function failuresUrl(name: string): string {
  return `${queueUrl(name)}-failures`;
}

/** SQS with the work queues and their failure queues. */
export class SimulatedQueues implements SimulatedService {
  readonly #byUrl = new Map<string, SimulatedQueue>();
  readonly #byName = new Map<string, SimulatedQueue>();

  constructor(queues: readonly QueueProps[]) {
    for (const { failures, ...props } of queues) {
      const queue = new SimulatedQueue({
        ...props,
        failures: failures === undefined ? undefined : this.queue(failures),
      });
      this.#byName.set(props.name, queue);
      this.#byUrl.set(queueUrl(props.name), queue);
      if (failures === undefined) this.#byUrl.set(failuresUrl(props.name), queue);
    }
  }

  /** Throws if there is no such queue. */
  queue(name: string): SimulatedQueue {
    const queue = this.#byName.get(name);
    if (queue === undefined) throw new RangeError(`There is no queue ${name}.`);
    return queue;
  }

  get all(): readonly SimulatedQueue[] {
    return [...this.#byName.values()];
  }

  execute(operation: string, input: object, call: SimulatedCall): object {
    switch (operation) {
      case 'SendMessage':
        return this.#send(input as SendMessageCommandInput, call);
      case 'SendMessageBatch':
        return this.#sendBatch(input as SendMessageBatchCommandInput, call);
      case 'GetQueueAttributes':
        return this.#attributes(input as GetQueueAttributesCommandInput, call);
      default:
        throw new Error(`The simulated SQS has no ${operation}.`);
    }
  }

  #send(
    { QueueUrl, MessageBody: body = '', DelaySeconds = 0, MessageAttributes = {} }: SendMessageCommandInput,
    { nowMs }: SimulatedCall,
  ): object {
    const attributes = Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
    );
    const delayMs = DelaySeconds * 1_000;
    return { MessageId: this.#named(QueueUrl).send({ body, nowMs, delayMs, attributes }) };
  }

  #sendBatch({ QueueUrl, Entries = [] }: SendMessageBatchCommandInput, call: SimulatedCall): object {
    const queue = this.#named(QueueUrl);
    const bytes = Entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
    if (Entries.length > limits.entries) {
      throw new TooManyEntriesInBatchRequest({ message: 'More than 10 entries.', $metadata: {} });
    }
    if (bytes > limits.bytes) {
      throw new BatchRequestTooLong({ message: 'More than 256 KiB.', $metadata: {} });
    }
    const isLeftOut = (place: number) => call.leavesOut?.has(place) ?? false;
    return {
      Successful: Entries.flatMap(({ Id, MessageBody = '' }, place): SendMessageBatchResultEntry[] =>
        isLeftOut(place)
          ? []
          : [{ Id, MessageId: queue.send({ body: MessageBody, nowMs: call.nowMs }), MD5OfMessageBody: '' }],
      ),
      Failed: Entries.flatMap(({ Id }, place) =>
        isLeftOut(place) ? [{ Id, Code: 'InternalError', SenderFault: false }] : [],
      ),
    };
  }

  #attributes({ QueueUrl }: GetQueueAttributesCommandInput, { nowMs }: SimulatedCall): object {
    const queue = this.#named(QueueUrl);
    const isFailures = QueueUrl !== queueUrl(queue.name);
    const { waiting, hidden } = isFailures
      ? { waiting: queue.deadLetters.length, hidden: 0 }
      : queue.depth(nowMs);
    return {
      Attributes: {
        ApproximateNumberOfMessages: String(waiting),
        ApproximateNumberOfMessagesNotVisible: String(hidden),
        ApproximateNumberOfMessagesDelayed: '0',
      },
    };
  }

  #named(url: string | undefined): SimulatedQueue {
    const queue = this.#byUrl.get(url ?? '');
    if (queue === undefined) throw new QueueDoesNotExist({ message: `No queue ${url}.`, $metadata: {} });
    return queue;
  }
}
