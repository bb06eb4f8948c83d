import { type Item, NotSimulatedError, type ServiceCall } from './definitions.ts';
import { isMet, requireOperands } from './expressions/condition.ts';
import { parseCondition } from './expressions/condition-parser.ts';
import type { Parsed } from './expressions/parsed.ts';
import { parseProjection, projected, projectedNames } from './expressions/projection.ts';
import { Substitutions } from './expressions/substitutions.ts';
import type { PageRequest } from './requests.ts';
import { invalid } from './service-errors.ts';
import type { Table } from './table.ts';
import { readable } from './values.ts';
import type { Version } from './versions.ts';

/** What a query or a scan reads. */
export interface PageSource {
  /** The versions from the start key on, in order. */
  readonly versions: Iterable<Version>;
  /** The keys of an entry of an index. Undefined: the whole item is read. */
  readonly keyNames: readonly string[] | undefined;
  /** The names of the attributes in `LastEvaluatedKey`. */
  readonly placeNames: readonly string[];
}

/** The parsed part that queries and scans share. */
export interface PageExpressions {
  readonly filter: ReturnType<typeof parseCondition> | undefined;
  readonly projection: ReturnType<typeof parseProjection> | undefined;
  readonly own: Substitutions;
}

/** `others`: expressions that use placeholders too. */
export function pageExpressions(
  request: PageRequest,
  others: readonly Parsed<unknown>[] = [],
): PageExpressions {
  const { FilterExpression, ProjectionExpression } = request;
  const filter = FilterExpression === undefined ? undefined : parseCondition(FilterExpression);
  const projection = ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression);
  const own = new Substitutions(request, [...others, filter, projection]);
  if (filter) requireOperands(filter.tree, own);
  return { filter, projection, own };
}

/** The instant that a read sees. */
export function instantOf(table: Table, isConsistent: boolean | undefined, call: ServiceCall): number {
  return isConsistent ? Infinity : table.instant(call.nowMs, call.staleMs());
}

/**
 * The output of a query or a scan: what matches of the items up to `Limit`, or until they have more than `pageMaxBytes`. A page that
 * ends for one of these reasons has a `LastEvaluatedKey`, also if nothing follows.
 */
export function page(
  request: PageRequest,
  { versions, keyNames, placeNames }: PageSource,
  { filter, projection, own }: PageExpressions,
  pageMaxBytes: number,
): object {
  const { Limit = Infinity, Select } = request;
  const isCount = requireSelect(Select) === 'COUNT';
  if (isCount && projection)
    throw invalid('Cannot specify the ProjectionExpression when choosing to get only the Count');
  if (Limit < 1) throw invalid('Value at limit failed to satisfy constraint: Member must have value >= 1');
  const names = projection && projectedNames(projection.tree, own);
  const Items: Item[] = [];
  let [count, scanned, bytes] = [0, 0, 0];
  let last: Version | undefined;
  for (const version of versions) {
    scanned += 1;
    const item = keyNames ? projected(version.item, keyNames) : version.item;
    bytes += keyNames ? version.entry.key.partition.length + 100 : version.bytes;
    if (filter === undefined || isMet(filter.tree, item, own)) {
      count += 1;
      if (!isCount)
        Items.push(names ? projected(readable({ ...version, item }), names) : readable({ ...version, item }));
    }
    if (scanned < Limit && bytes <= pageMaxBytes) continue;
    last = version;
    break;
  }
  return {
    ...(!isCount && { Items }),
    ...{ Count: count, ScannedCount: scanned },
    ...(last && { LastEvaluatedKey: projected(last.item, placeNames) }),
  };
}

function requireSelect(select: string | undefined): string | undefined {
  if (select === undefined || select === 'COUNT' || select === 'ALL_ATTRIBUTES') return select;
  throw new NotSimulatedError(`Select ${select}`);
}
