import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Read and write units of DynamoDB. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

const reads = new Set(['QueryCommand', 'GetItemCommand', 'BatchGetItemCommand', 'ScanCommand']);

/**
 * Counts the units that the engine reports (`ReturnConsumedCapacity`). It asks only while it counts: the requests of measured runs are
 * those of the deployed code.
 */
export class Meter {
  #counting: { read: number; write: number } | undefined;
  #isReported = true;

  /** Counts the calls of this client too. */
  attach(client: DynamoDBClient): void {
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const counting = this.#counting;
          if (counting === undefined) return next(args);
          const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
          const result = await next({ ...args, input } as typeof args);
          const units = unitsOf(result.output);
          if (units === undefined) this.#isReported = false;
          else counting[reads.has(commandName ?? '') ? 'read' : 'write'] += units;
          return result;
        },
      { step: 'initialize', name: 'meter', priority: 'high' },
    );
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
}

function unitsOf(output: object): number | undefined {
  const { ConsumedCapacity } = output as { ConsumedCapacity?: Capacity | readonly Capacity[] };
  if (ConsumedCapacity === undefined) return undefined;
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

interface Capacity {
  readonly CapacityUnits?: number;
}
