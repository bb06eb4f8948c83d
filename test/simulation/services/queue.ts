import type { SQSRecord } from 'aws-lambda';
import type { Random } from '../world/random.ts';

/** A message of a queue. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** The values of its message attributes, which are numbers. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly sentMs: number;
  /** When it can be received, in ms since 1970. */
  visibleMs: number;
  /** How often it was received. */
  receives: number;
  firstReceivedMs: number;
}

/** How a consumer receives. */
export interface Receive {
  readonly max: number;
  readonly nowMs: number;
  /** What is received stays hidden for this time. */
  readonly hiddenMs: number;
  /** Chooses what is received, and in which order. */
  readonly random: Random;
}

/** A message that is sent. */
export interface Sending {
  readonly body: string;
  readonly nowMs: number;
  /** After this time it can be received, in ms. Default: 0. */
  readonly delayMs?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A standard queue: messages may be received twice and in any order. Those that fail too often move to its failure queue. */
export class SimulatedQueue {
  readonly name: string;
  readonly maxReceives: number;
  readonly deadLetters: Message[] = [];
  /** Sent and not deleted. */
  readonly #messages = new Set<Message>();
  readonly #listeners: ((message: Message) => void)[] = [];
  readonly #failures: SimulatedQueue | undefined;
  #count = 0;

  /** `failures`: the queue that gets what fails too often. Default: it waits for a person. */
  constructor({
    name,
    maxReceives,
    failures,
  }: {
    readonly name: string;
    readonly maxReceives: number;
    readonly failures?: SimulatedQueue | undefined;
  }) {
    this.name = name;
    this.maxReceives = maxReceives;
    this.#failures = failures;
  }

  /** Calls a listener with each message that is sent. It may put off when the message can be received. */
  onSend(listener: (message: Message) => void): void {
    this.#listeners.push(listener);
  }

  /** Returns the id of the message. */
  send({ body, nowMs, delayMs = 0, attributes = {} }: Sending): string {
    this.#count += 1;
    const id = `${this.name}-${this.#count}`;
    const visibleMs = nowMs + delayMs;
    this.#add({ id, body, attributes, sentMs: nowMs, visibleMs, receives: 0, firstReceivedMs: 0 });
    return id;
  }

  #add(message: Message): void {
    this.#messages.add(message);
    for (const listener of this.#listeners) listener(message);
  }

  /** Receives some of the messages that are not hidden, and hides them. Those that were received too often become dead letters. */
  receive({ max, nowMs, hiddenMs, random }: Receive): readonly Message[] {
    const visible: Message[] = [];
    for (const message of this.#messages) {
      if (message.visibleMs > nowMs) continue;
      if (message.receives < this.maxReceives) {
        visible.push(message);
        continue;
      }
      this.#messages.delete(message);
      // SQS counts the receives in all queues together.
      if (this.#failures) this.#failures.#add({ ...message, visibleMs: nowMs });
      else this.deadLetters.push(message);
    }
    const received: Message[] = [];
    while (received.length < max && visible.length > 0) {
      const [message] = visible.splice(random.under(visible.length), 1) as [Message];
      message.receives += 1;
      message.firstReceivedMs ||= nowMs;
      message.visibleMs = nowMs + hiddenMs;
      received.push(message);
    }
    return received;
  }

  /** A message is delivered once more at that time, whatever becomes of it, as standard queues may do. */
  repeat(message: Message, visibleMs: number): void {
    this.#messages.add({ ...message, visibleMs });
  }

  delete(message: Message): void {
    this.#messages.delete(message);
  }

  /** Moves all dead letters back, as a person does: each is a new message. */
  moveBack(nowMs: number): void {
    for (const { body, attributes } of this.deadLetters.splice(0)) this.send({ body, nowMs, attributes });
  }

  /** When the next message can be received, in ms since 1970. Undefined: there is none. */
  get nextVisibleMs(): number | undefined {
    let next: number | undefined;
    for (const { visibleMs } of this.#messages) {
      if (next === undefined || visibleMs < next) next = visibleMs;
    }
    return next;
  }

  /** Number of messages that were sent and not deleted, without dead letters. */
  get size(): number {
    return this.#messages.size;
  }

  /** Number of messages that can be received, and of those that are hidden. */
  depth(nowMs: number): { readonly waiting: number; readonly hidden: number } {
    const waiting = [...this.#messages].filter(({ visibleMs }) => visibleMs <= nowMs).length;
    return { waiting, hidden: this.#messages.size - waiting };
  }
}

/** The ARN of a work queue. */
export function queueArn(name: string): string {
  return `arn:aws:sqs:eu-central-1:111111111111:${name}`;
}

/** A message in the form in which Lambda delivers it. */
export function toRecord(message: Message, queue: SimulatedQueue): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: `${message.id}/${message.receives}`,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentMs),
      SenderId: 'simulated',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, stringValue]) => [
        name,
        { stringValue, dataType: 'Number', stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn(queue.name),
    awsRegion: 'eu-central-1',
  };
}
