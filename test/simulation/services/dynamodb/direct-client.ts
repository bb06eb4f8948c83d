import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ServiceCall } from './definitions.ts';
import type { SimulatedDynamoDB } from './simulated-dynamodb.ts';
import { wireBody } from './wire.ts';

/** A command of the SDK, as far as the adapters use it. */
interface Command {
  readonly input: object;
  readonly middlewareStack: GetItemCommand['middlewareStack'];
}

/** The response that middlewares of the step `deserialize` see. The body exists if one asks for it. */
class Response {
  readonly statusCode = 200;
  readonly headers: Readonly<Record<string, string>>;
  readonly #output: object;
  #body: Buffer | undefined;

  constructor(output: object, nowMs: number) {
    this.#output = output;
    this.headers = { date: new Date(nowMs).toUTCString() };
  }

  get body(): Buffer {
    this.#body ??= wireBody(this.#output);
    return this.#body;
  }

  set body(body: Buffer) {
    this.#body = body;
  }
}

/** Calls the simulated service at once: one attempt, no faults. `call`: the instant of the next call. */
export function directClient(service: SimulatedDynamoDB, call: () => ServiceCall): DynamoDBClient {
  const { middlewareStack } = new GetItemCommand({ TableName: '-', Key: {} });
  const client = {
    config: { streamCollector: async (body: Buffer) => body },
    middlewareStack: middlewareStack.clone(),
    send: async (command: Command, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => {
      abortSignal?.throwIfAborted();
      const stack = client.middlewareStack.concat(command.middlewareStack);
      const handler = stack.resolve(async () => {
        const now = call();
        const output = service.execute(command.constructor.name.replace(/Command$/, ''), command.input, now);
        return { response: new Response(output, now.nowMs), output: { ...output, $metadata: {} } as never };
      }, {});
      return (await handler({ input: command.input as never })).output;
    },
    destroy: () => undefined,
  };
  return client as unknown as DynamoDBClient;
}
