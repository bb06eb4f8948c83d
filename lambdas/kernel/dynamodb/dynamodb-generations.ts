import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { nextState } from '../generation-state.ts';
import { type GenerationState, type GenerationsStore, initialGenerations } from '../generations.ts';
import { generationAttributes, generationsItem, stateOfItem } from './generation-item.ts';
import type { SimpleTable } from './tables.ts';

/**
 * The generations of read models in the control table: one item for each read model that was rebuilt. Needs `dynamodb:GetItem` to
 * read, and `PutItem` to change.
 */
export class DynamoDBGenerations implements GenerationsStore {
  readonly #client: DynamoDBClient;
  readonly #table: SimpleTable;

  constructor(client: DynamoDBClient, table: SimpleTable) {
    this.#client = client;
    this.#table = table;
  }

  async read(model: string): Promise<GenerationState> {
    const name = generationsItem(model);
    // A second line of defence: a late answer shortens the settle time, which has 30 seconds to spare, and a change names its revision.
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table.name, Key: this.#key(name), ConsistentRead: true }),
    );
    return Item === undefined ? initialGenerations : stateOfItem(Item, name);
  }

  async change(model: string, from: GenerationState, to: GenerationState) {
    const name = generationsItem(model);
    const state = nextState(from, to, name);
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table.name,
          Item: { ...this.#key(name), ...generationAttributes(state) },
          ...this.#atRevision(from.revision),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The answer of an earlier attempt may be lost: then this very state is stored.
      const stored = error.Item?.['state']?.S;
      if (stored !== generationAttributes(state)['state']?.S) return { outcome: 'conflict' } as const;
    }
    return { outcome: 'changed', state } as const;
  }

  /** Revision 0 is that of a state that was never stored. */
  #atRevision(revision: number) {
    if (revision === 0) {
      return {
        ConditionExpression: 'attribute_not_exists(#name)',
        ExpressionAttributeNames: { '#name': this.#table.partitionKey },
      };
    }
    return {
      ConditionExpression: '#revision = :revision',
      ExpressionAttributeNames: { '#revision': 'revision' },
      ExpressionAttributeValues: { ':revision': { N: String(revision) } },
    };
  }

  #key(name: string) {
    return { [this.#table.partitionKey]: { S: name } };
  }
}
