import type { Item } from './dynamodb-batches.ts';
import type { SortedTable } from './tables.ts';

const rowSortKey = 'row';
const entrySortKey = 'entry';
const linePrefix = 'line#';

/**
 * The keys of one generation of rows and lines. Those of a stream share a partition: `generation#id`, with the tenant in the id if
 * it is not the default one.
 */
export class ReadModelKeys {
  readonly #table: SortedTable;
  readonly #generation: string;

  constructor(table: SortedTable, generation: string) {
    this.#table = table;
    this.#generation = generation;
  }

  row(id: string): Item {
    return this.#key(id, rowSortKey);
  }

  /** The second entry of a row, in the parts of lists. */
  entry(id: string): Item {
    return this.#key(id, entrySortKey);
  }

  line(id: string, lineKey: string): Item {
    return this.#key(id, linePrefix + lineKey);
  }

  /** Any item of a stream, by its sort key. */
  part(id: string, sort: string): Item {
    return this.#key(id, sort);
  }

  /** The values `:pk`, `:from` and `:to` of a query for lines of a row. */
  lineRange(id: string, from: string, to: string): Item {
    return {
      ':pk': { S: this.#partition(id) },
      ':from': { S: linePrefix + from },
      ':to': { S: linePrefix + to },
    };
  }

  /** The id of a row, or of the row that a line belongs to. */
  idOf(item: Item): string {
    return (item[this.#table.partitionKey]?.S ?? '').slice(this.#generation.length + 1);
  }

  /** The key of a line within its row. */
  lineKeyOf(item: Item): string {
    return (item[this.#table.sortKey]?.S ?? '').slice(linePrefix.length);
  }

  /** The key of an item as text. Different items have different texts. */
  asText(item: Item): string {
    return `${item[this.#table.partitionKey]?.S} ${item[this.#table.sortKey]?.S}`;
  }

  #key(id: string, sort: string): Item {
    const { partitionKey, sortKey } = this.#table;
    return { [partitionKey]: { S: this.#partition(id) }, [sortKey]: { S: sort } };
  }

  #partition(id: string): string {
    return `${this.#generation}#${id}`;
  }
}

/** The condition that the stored row has this version; for 0, that no row exists. */
export function atVersion({ partitionKey }: SortedTable, expectedVersion: number) {
  if (expectedVersion === 0) {
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': partitionKey },
    };
  }
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
  };
}

/** The version of a stored row or line. */
export function versionOf(item: Item): number {
  return Number(item['version']?.N);
}

/** The row or line of an item. */
export function dataOf<Data>(item: Item): Data {
  return JSON.parse(item['data']?.S ?? 'null');
}

/** The attribute value of a row or line: its JSON. */
export function json(data: unknown): { S: string } {
  return { S: JSON.stringify(data) };
}
