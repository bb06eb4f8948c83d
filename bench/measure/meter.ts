import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Read and write units of DynamoDB. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** The operations of `X-Amz-Target` that write. The others read. */
const writes = /\.(PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems)$/;

/**
 * Counts the units that the engine reports (`ReturnConsumedCapacity`). It asks only while it counts: the requests of other runs are
 * those of the deployed code. It reads the responses before the client does, because the log reads some of them itself.
 */
export class Meter {
  #counting: { read: number; write: number } | undefined;
  #isReported = true;

  /** Counts the calls of this client too. */
  attach(client: DynamoDBClient): void {
    const ask = (input: object) => (this.#counting ? { ...input, ReturnConsumedCapacity: 'TOTAL' } : input);
    client.middlewareStack.add((next) => (args) => next({ ...args, input: ask(args.input) } as typeof args), {
      step: 'initialize',
      name: 'meter',
      priority: 'high',
    });
    const { requestHandler } = client.config;
    const handle = requestHandler.handle.bind(requestHandler);
    requestHandler.handle = async (request, options) => {
      const handled = await handle(request, options);
      if (this.#counting && handled.response.statusCode === 200) {
        const body = await buffer(handled.response.body);
        handled.response.body = Readable.from([body]);
        this.#note(request.headers['x-amz-target'] ?? '', JSON.parse(body.toString()));
      }
      return handled;
    };
  }

  /** The units of everything that the clients do during `run`. Undefined if the engine does not report them. */
  async of(run: () => Promise<unknown>): Promise<Units | undefined> {
    const counting = { read: 0, write: 0 };
    this.#counting = counting;
    this.#isReported = true;
    try {
      await run();
    } finally {
      this.#counting = undefined;
    }
    return this.#isReported ? counting : undefined;
  }

  #note(
    operation: string,
    { ConsumedCapacity }: { ConsumedCapacity?: Capacity | readonly Capacity[] },
  ): void {
    if (this.#counting === undefined) return;
    if (ConsumedCapacity === undefined) this.#isReported = false;
    const kind = writes.test(operation) ? 'write' : 'read';
    for (const { CapacityUnits = 0 } of [ConsumedCapacity ?? []].flat())
      this.#counting[kind] += CapacityUnits;
  }
}

interface Capacity {
  readonly CapacityUnits?: number;
}
