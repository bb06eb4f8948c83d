import { type Item, NotSimulatedError, type ServiceCall } from './definitions.ts';
import { requireOperands } from './expressions/condition.ts';
import { parseCondition } from './expressions/condition-parser.ts';
import { type KeyRange, keyRange } from './expressions/key-condition.ts';
import { instantOf, type PageSource, page, pageExpressions } from './pages.ts';
import type { QueryRequest } from './requests.ts';
import type { SecondaryIndex } from './secondary-index.ts';
import { invalid } from './service-errors.ts';
import { lowerBound } from './sorted.ts';
import type { Table } from './table.ts';
import { isAt, type Version } from './versions.ts';

/** The elements of one partition, of a table or an index, in order. */
interface Sequence<Element> {
  readonly elements: readonly Element[];
  readonly sortOf: (element: Element) => string;
  readonly versionAt: (element: Element, atMs: number) => Version | undefined;
  /** Order of an element and the start key. Undefined without start key. */
  readonly compareStart: ((element: Element) => number) | undefined;
}

/** Carries out a query. */
export function query(table: Table, request: QueryRequest, call: ServiceCall, pageMaxBytes: number): object {
  const { IndexName, KeyConditionExpression, ExclusiveStartKey } = request;
  if (KeyConditionExpression === undefined)
    throw new NotSimulatedError('A query without KeyConditionExpression');
  const condition = parseCondition(KeyConditionExpression);
  const expressions = pageExpressions(request, [condition]);
  const { filter, own } = expressions;
  requireOperands(condition.tree, own);
  const index = IndexName === undefined ? undefined : indexOf(table, IndexName);
  if (index && request.ConsistentRead) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  const schema = index?.schema ?? table.schema;
  const range = keyRange(condition.tree, schema, own);
  const keyInFilter = filter?.names.find((name) => schema.isKey(own.name(name)));
  if (keyInFilter) throw invalid('Filter Expression can only contain non-primary key attributes');
  const notInIndex = index && filter?.names.find((name) => !table.schema.isKey(own.name(name)));
  if (notInIndex)
    throw invalid(`Secondary index ${IndexName} does not project one or more filter attributes`);
  const atMs = instantOf(table, request.ConsistentRead, call);
  const walk = { range, isForward: request.ScanIndexForward ?? true, atMs };
  const source: PageSource = index
    ? {
        versions: walked(ofIndex(table, index, range, ExclusiveStartKey), walk),
        keyNames: [...index.schema.names, ...table.schema.names],
        placeNames: [...index.schema.names, ...table.schema.names],
      }
    : {
        versions: walked(ofTable(table, range, ExclusiveStartKey), walk),
        keyNames: undefined,
        placeNames: table.schema.names,
      };
  return page(request, source, expressions, pageMaxBytes);
}

function indexOf(table: Table, name: string): SecondaryIndex {
  const index = table.indexes.get(name);
  if (index === undefined) throw invalid(`The table does not have the specified index: ${name}`);
  return index;
}

function ofTable(table: Table, range: KeyRange, startKey: Item | undefined) {
  const { schema } = table;
  const start = startKey && schema.ofExactly(startKey);
  if (start) requireWithin(range, start);
  return {
    elements: table.partition(range.partition)?.entries ?? [],
    sortOf: ({ key }) => key.sort,
    versionAt: (entry, atMs) => entry.at(atMs),
    compareStart: start && (({ key }) => schema.compare(key.sort, start.sort)),
  } satisfies Sequence<NonNullable<ReturnType<Table['partition']>>['entries'][number]>;
}

function ofIndex(table: Table, index: SecondaryIndex, range: KeyRange, startKey: Item | undefined) {
  const names = [...table.schema.names, ...index.schema.names];
  if (startKey && (Object.keys(startKey).length !== names.length || !names.every((name) => startKey[name]))) {
    throw invalid('The provided starting key is invalid');
  }
  const place = startKey && { ...index.schema.of(startKey), key: table.schema.of(startKey) };
  if (place) requireWithin(range, place);
  return {
    elements: index.postings(range.partition),
    sortOf: ({ sort }) => sort,
    versionAt: ({ version }, atMs) => (isAt(version, atMs) ? version : undefined),
    compareStart: place && ((posting) => index.compare(posting, place)),
  } satisfies Sequence<ReturnType<SecondaryIndex['postings']>[number]>;
}

function requireWithin(
  { partition, side }: KeyRange,
  start: { readonly partition: string; readonly sort: string },
) {
  if (start.partition !== partition) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (side(start.sort) !== 0)
    throw invalid('The provided starting key does not match the range key predicate');
}

function* walked<Element>(
  { elements, sortOf, versionAt, compareStart }: Sequence<Element>,
  {
    range,
    isForward,
    atMs,
  }: { readonly range: KeyRange; readonly isForward: boolean; readonly atMs: number },
): Generator<Version> {
  const sideOf = (element: Element) => range.side(sortOf(element));
  const step = isForward ? 1 : -1;
  const order = compareStart ?? sideOf;
  // Forward without start key: the first element of the range itself. Otherwise: the first one beyond the last excluded one.
  const isBefore =
    isForward === (compareStart === undefined) ? (side: number) => side < 0 : (side: number) => side <= 0;
  const bound = lowerBound(elements, (element) => (isBefore(order(element)) ? -1 : 1));
  for (let position = isForward ? bound : bound - 1; ; position += step) {
    const element = elements[position];
    if (element === undefined || sideOf(element) !== 0) return;
    const version = versionAt(element, atMs);
    if (version !== undefined) yield version;
  }
}
