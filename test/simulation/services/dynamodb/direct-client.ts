import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ServiceCall } from './definitions.ts';
import type { SimulatedDynamoDB } from './simulated-dynamodb.ts';
import { WireResponse } from './wire-response.ts';

/** A command of the SDK, as far as the adapters use it. */
interface Command {
  readonly input: object;
  readonly middlewareStack: GetItemCommand['middlewareStack'];
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
        return {
          response: new WireResponse(output, now.nowMs),
          output: { ...output, $metadata: {} } as never,
        };
      }, {});
      return (await handler({ input: command.input as never })).output;
    },
    destroy: () => undefined,
  };
  return client as unknown as DynamoDBClient;
}
