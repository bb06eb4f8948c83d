import type { FoldedLine, VersionedRow } from '../fold.ts';
import type { Listing } from '../projection.ts';
import type { Item } from './dynamodb-batches.ts';
import type { DynamoDBLists } from './dynamodb-lists.ts';
import type { SortedTable } from './tables.ts';

export const rowSortKey = 'row';
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

/** The items of one generation of rows and lines. */
export class ReadModelItems<Row, Line, List extends string = string> {
  readonly #keys: ReadModelKeys;
  readonly #lists: Pick<DynamoDBLists, 'attributes'>;
  readonly #listing: Listing<Row, Line, List>;

  constructor(
    keys: ReadModelKeys,
    lists: Pick<DynamoDBLists, 'attributes'>,
    listing: Listing<Row, Line, List>,
  ) {
    this.#keys = keys;
    this.#lists = lists;
    this.#listing = listing;
  }

  /** Whether lines change after they were added. Then they have versions, and a newer one must not be overwritten. */
  get hasChangingLines(): boolean {
    return this.#listing.changingLines !== undefined;
  }

  row(id: string, { version, row }: VersionedRow<Row>): Item {
    return {
      ...this.#keys.row(id),
      ...this.#lists.attributes(id, this.#listing.listKeys?.(row) ?? {}),
      version: { N: String(version) },
      data: json(row),
    };
  }

  line(id: string, { key, version, line }: FoldedLine<Line>): Item {
    const { changingLines } = this.#listing;
    const item = { ...this.#keys.line(id, key), data: json(line) };
    if (changingLines === undefined) return item;
    const listAttributes = this.#lists.attributes(id, changingLines.listKeys(line));
    return { ...item, ...listAttributes, version: { N: String(version) } };
  }

  /** The second entry of a row, in the parts of its lists. Undefined if no list has parts. */
  entry(id: string, { version, row }: VersionedRow<Row>): Item | undefined {
    const { parts, listKeys } = this.#listing;
    if (parts === undefined || listKeys === undefined) return undefined;
    const keys = listKeys(row);
    const divided = Object.fromEntries(parts.lists.map((list) => [list, keys[list]]));
    const listAttributes = this.#lists.attributes(id, divided, parts.partOf(row));
    return { ...this.#keys.entry(id), ...listAttributes, version: { N: String(version) } };
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
