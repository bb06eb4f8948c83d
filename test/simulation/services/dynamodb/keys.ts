import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { IndexDefinition, Item, TableDefinition } from './definitions.ts';
import { canonicalNumber, compareNumbers, compareTexts } from './order.ts';
import { invalid } from './service-errors.ts';

/** The values of a key as text. `sort` is empty in a table without sort key. */
export interface KeyTexts {
  readonly partition: string;
  readonly sort: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const partitionKeyMaxBytes = 2_048;
const sortKeyMaxBytes = 1_024;

/** The key schema of a table, or of an index. */
export class KeySchema {
  readonly partitionKey: string;
  readonly sortKey: string | undefined;
  readonly sortType: 'S' | 'N';
  /** Order of sort keys. */
  readonly compare: (a: string, b: string) => number;

  constructor({ partitionKey, sortKey }: Pick<TableDefinition, 'partitionKey' | 'sortKey'>) {
    this.partitionKey = partitionKey;
    this.sortKey = sortKey?.name;
    this.sortType = sortKey?.type ?? 'S';
    this.compare = this.sortType === 'N' ? compareNumbers : compareTexts;
  }

  static ofIndex({ partitionKey, sortKey }: IndexDefinition): KeySchema {
    return new KeySchema({ partitionKey, sortKey: { name: sortKey, type: 'S' } });
  }

  isKey(name: string): boolean {
    return name === this.partitionKey || name === this.sortKey;
  }

  get names(): string[] {
    return this.sortKey === undefined ? [this.partitionKey] : [this.partitionKey, this.sortKey];
  }

  /** The key of an item. Throws if an attribute of it is missing, empty, too long or of another type. */
  of(item: Item): KeyTexts {
    const partition = text(item[this.partitionKey], 'S', this.partitionKey, partitionKeyMaxBytes);
    if (this.sortKey === undefined) return { partition, sort: '' };
    return { partition, sort: text(item[this.sortKey], this.sortType, this.sortKey, sortKeyMaxBytes) };
  }

  /** The key of an item in an index. Undefined if the index does not have the item. */
  ofSparse(item: Item): KeyTexts | undefined {
    const names = this.names.filter((name) => item[name] !== undefined);
    if (names.length === 0) return undefined;
    const key = this.of({ [this.partitionKey]: { S: ' ' }, [this.sortKey ?? '']: { S: ' ' }, ...item });
    return names.length === this.names.length ? key : undefined;
  }

  /** A key as it is in a request: with these attributes and no other. */
  ofExactly(key: Item): KeyTexts {
    const isExact = Object.keys(key).length === this.names.length && this.names.every((name) => key[name]);
    if (!isExact) throw invalid('The provided key element does not match the schema');
    return this.of(key);
  }

  toItem({ partition, sort }: KeyTexts): Item {
    const key: Record<string, AttributeValue> = { [this.partitionKey]: { S: partition } };
    if (this.sortKey !== undefined) key[this.sortKey] = this.sortType === 'N' ? { N: sort } : { S: sort };
    return key;
  }
}

function text(value: AttributeValue | undefined, type: 'S' | 'N', name: string, maxBytes: number): string {
  if (value === undefined) {
    throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
  }
  const found = value[type];
  if (found === undefined) {
    throw invalid(
      `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type}`,
    );
  }
  if (found === '') {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  }
  if (found.length * 3 > maxBytes && Buffer.byteLength(found) > maxBytes) {
    throw invalid(
      `One or more parameter values were invalid: Size of key ${name} has exceeded the maximum size limit`,
    );
  }
  if (type === 'S') return found;
  const number = canonicalNumber(found);
  if (number !== undefined) return number;
  throw invalid('The parameter cannot be converted to a numeric value');
}
