import type { FoldedLine, VersionedRow } from '../fold.ts';
import type { Listing } from '../projection.ts';
import type { Item } from './dynamodb-batches.ts';
import type { DynamoDBLists } from './dynamodb-lists.ts';
import { json, type ReadModelKeys } from './read-model-items.ts';

/** The items that one generation of a read model stores of a stream. */
export class StoredForm<Row, Line, List extends string> {
  readonly #projection: Listing<Row, Line, List>;
  readonly #keys: ReadModelKeys;
  readonly #lists: DynamoDBLists;

  constructor(projection: Listing<Row, Line, List>, keys: ReadModelKeys, lists: DynamoDBLists) {
    this.#projection = projection;
    this.#keys = keys;
    this.#lists = lists;
  }

  row(id: string, { version, row }: VersionedRow<Row>): Item {
    return {
      ...this.#keys.row(id),
      ...this.#lists.attributes(id, this.#projection.listKeys?.(row) ?? {}),
      version: { N: String(version) },
      data: json(row),
    };
  }

  /** The second entry of a row, in the parts of its lists. Undefined if no list has parts. */
  entry(id: string, { version, row }: VersionedRow<Row>): Item | undefined {
    const { parts, listKeys } = this.#projection;
    if (parts === undefined || listKeys === undefined) return undefined;
    const keys = listKeys(row);
    const divided = Object.fromEntries(parts.lists.map((list) => [list, keys[list]]));
    const listAttributes = this.#lists.attributes(id, divided, parts.partOf(row));
    return { ...this.#keys.entry(id), ...listAttributes, version: { N: String(version) } };
  }

  line(id: string, { key, version, line }: FoldedLine<Line>): Item {
    const { changingLines } = this.#projection;
    const item = { ...this.#keys.line(id, key), data: json(line) };
    if (changingLines === undefined) return item;
    const listAttributes = this.#lists.attributes(id, changingLines.listKeys(line));
    return { ...item, ...listAttributes, version: { N: String(version) } };
  }
}
