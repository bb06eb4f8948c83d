import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item, a key or the values of an expression, as the SDK has them. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** An index with only keys. Both of its keys are texts. */
export interface IndexDefinition {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** A table. Its partition key is a text. */
export interface TableDefinition {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: { readonly name: string; readonly type: 'S' | 'N' };
  readonly indexes?: readonly IndexDefinition[];
}

/** One call at one instant. */
export interface ServiceCall {
  /** Time of the service in ms. It never goes back. */
  readonly nowMs: number;
  /** Age of what an eventually consistent read sees, in ms. 0: current. Called once for each such read, and for each key of a batch. */
  readonly staleMs: () => number;
}

/** A change of one item. `before` is absent if it is new, `after` if it is deleted. Items are frozen. */
export interface ItemChange {
  readonly table: string;
  readonly key: Item;
  readonly before?: Item;
  readonly after?: Item;
  readonly nowMs: number;
}

/** What is beyond the simulation. It is a fault of the test, not of the code under test, so no adapter may expect it. */
export class NotSimulatedError extends Error {
  override readonly name = 'NotSimulatedError';
}
