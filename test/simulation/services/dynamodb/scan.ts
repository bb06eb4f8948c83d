import type { Item, ServiceCall } from './definitions.ts';
import { instantOf, page, pageExpressions } from './pages.ts';
import type { ScanRequest } from './requests.ts';
import { invalid } from './service-errors.ts';
import { lowerBound } from './sorted.ts';
import { hashEnd, hashOf, type Table } from './table.ts';
import type { Version } from './versions.ts';

/** Hashes from `from` up to `to`, which is not in it. */
interface HashRange {
  readonly from: number;
  readonly to: number;
}

/** Carries out a scan of a table: its partitions in the order of their hashes, and their items in the order of their keys. */
export function scan(table: Table, request: ScanRequest, call: ServiceCall, pageMaxBytes: number): object {
  const expressions = pageExpressions(request);
  const range = segmentOf(request);
  const atMs = instantOf(table, request.ConsistentRead, call);
  const versions = walked(table, range, request.ExclusiveStartKey, atMs);
  const source = { versions, keyNames: undefined, placeNames: table.schema.names };
  return page(request, source, expressions, pageMaxBytes);
}

function segmentOf({ Segment, TotalSegments }: ScanRequest): HashRange {
  if (Segment === undefined && TotalSegments === undefined) return { from: 0, to: hashEnd };
  if (Segment === undefined || TotalSegments === undefined) {
    throw invalid('Segment and TotalSegments are required together');
  }
  if (Segment < 0 || Segment >= TotalSegments) {
    throw invalid('The Segment parameter is zero-based and must be less than parameter TotalSegments');
  }
  const boundary = (segment: number) => Math.floor((segment * hashEnd) / TotalSegments);
  return { from: boundary(Segment), to: boundary(Segment + 1) };
}

function walked(table: Table, range: HashRange, startKey: Item | undefined, atMs: number): Iterable<Version> {
  if (startKey === undefined) {
    return versionsOf(
      table,
      range,
      { partition: lowerBound(table.scanned, ({ hash }) => hash - range.from), entry: 0 },
      atMs,
    );
  }
  const start = table.schema.ofExactly(startKey);
  const hash = hashOf(start.partition);
  if (hash < range.from || hash >= range.to) {
    throw invalid('The provided starting key is invalid: Please use ExclusiveStartKey with correct Segment');
  }
  const partition = table.partition(start.partition);
  const entry = partition
    ? lowerBound(partition.entries, ({ key }) => (table.schema.compare(key.sort, start.sort) <= 0 ? -1 : 1))
    : 0;
  return versionsOf(table, range, { partition: table.scanPositionOf(start.partition), entry }, atMs);
}

function* versionsOf(
  table: Table,
  range: HashRange,
  from: { readonly partition: number; readonly entry: number },
  atMs: number,
): Generator<Version> {
  for (let place = from.partition; ; place += 1) {
    const partition = table.scanned[place];
    if (partition === undefined || partition.hash >= range.to) return;
    const first = place === from.partition ? from.entry : 0;
    for (let position = first; position < partition.entries.length; position += 1) {
      const version = partition.entries[position]?.at(atMs);
      if (version !== undefined) yield version;
    }
  }
}
