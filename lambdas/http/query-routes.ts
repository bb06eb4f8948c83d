import type * as z from 'zod';
import {
  type Immutable,
  type KeyedLine,
  type KeyRange,
  type LineRange,
  type LinesPage,
  type ListedRow,
  type Revealed,
  streamName,
  withUnprojectedLines,
} from '../kernel/index.ts';
import { wantsFresh } from './conditions.ts';
import { filteredPage, type ReadEntries } from './filtered-page.ts';
import { rowsIn } from './list-reads.ts';
import { type DescribedPage, pageRoute } from './page-route.ts';
import {
  findRow,
  idOf,
  notFoundProblem,
  type QueryResource,
  type ReadSide,
  readsOf,
  viewsOf,
} from './resource.ts';
import { revealed, viewed } from './revealing.ts';
import type { RequestHeaders, Route } from './route.ts';
import { type RowSpec, rowRoute } from './row-route.ts';

type Query<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** A list, and bounds for its keys. */
interface ListedPart<List extends string> extends Pick<KeyRange, 'from' | 'to'> {
  readonly list: List;
}

interface RowsSpec<Row, List extends string, Shape extends z.ZodRawShape> extends DescribedPage<Shape> {
  /** The list, or a function that chooses it and its bounds by the query. */
  readonly list: List | ((query: Query<Shape>) => ListedPart<List>);
  /** Reads rows for the query, instead of the list. Default: reads the list. */
  readonly entries?: (query: Query<Shape>, now: string) => Promise<ReadEntries<ListedRow<Row>>>;
  /** Whether a row of the list is in the answer. A list may be older than its rows. Default: all rows are. */
  readonly matches?: (row: Row, query: Query<Shape>, now: string) => boolean;
}

interface LinesSpec<Row, Line, Item> extends DescribedPage<Record<never, never>> {
  readonly order: LineRange['order'];
  /** One line as an answer. */
  readonly schema: z.ZodType<Item>;
  /** Line and row are revealed: a value whose key is gone is `erased`. It must be a pure function. */
  readonly view: (line: Revealed<Line>, row: Revealed<Row>) => Immutable<Item>;
}

/** Declares the routes that read rows of the resource and their lines. */
export function queryRoutes<Row extends { readonly id: string }, Line, List extends string>(
  resource: QueryResource<Row, Line>,
  side: ReadSide<Row, Line, List>,
) {
  return {
    /** `GET /ledger/{id}`. */
    one: (spec: RowSpec<Row>): Route => rowRoute(resource, side, spec),
    /** `GET /ledger`: the rows of a list, in pages. */
    page: <Shape extends z.ZodRawShape = Record<never, never>>(spec: RowsSpec<Row, List, Shape>): Route =>
      rowsRoute(resource, side, spec),
    /** `GET /ledger/{id}/entries`: the lines of a row, in pages. */
    lines: <Item>(step: string, spec: LinesSpec<Row, Line, Item>): Route =>
      linesRoute(resource, side, step, spec),
  };
}

function rowsRoute<
  Row extends { readonly id: string },
  Line,
  List extends string,
  Shape extends z.ZodRawShape,
>(
  resource: QueryResource<Row, Line>,
  side: ReadSide<Row, Line, List>,
  { list, entries: entriesOf, matches = () => true, ...described }: RowsSpec<Row, List, Shape>,
): Route {
  const { category, path, noun, schema } = resource;
  const { readModel, cursors } = side;
  const partOf = typeof list === 'string' ? () => ({ list }) : list;
  const readList = async (query: Query<Shape>) => {
    const { list: name, ...bounds } = partOf(query);
    return rowsIn(readModel, name, bounds);
  };
  const readFor = entriesOf ?? readList;
  return pageRoute<z.ZodObject<Record<never, never>>, Shape>(cursors, {
    ...described,
    path,
    tag: category,
    reads: readsOf(resource, path),
    schema,
    nouns: `${noun}s`,
    read: async ({ query, context: { now } }, position) => {
      const { entries, next } = await filteredPage(
        await readFor(query, now),
        ({ row }) => matches(row, query, now),
        position,
      );
      const views = await viewsOf(resource, side, entries, now);
      const items = views.map((item, index) => ({ item, place: (entries[index] as ListedRow<Row>).listKey }));
      return { items, next };
    },
  });
}

function linesRoute<Row, Line, List extends string, Item>(
  resource: QueryResource<Row, Line>,
  side: ReadSide<Row, Line, List>,
  step: string,
  { order, view, ...described }: LinesSpec<Row, Line, Item>,
): Route {
  const path = `${resource.path}/{id}/${step}` as const;
  return pageRoute(side.cursors, {
    ...described,
    path,
    tag: resource.category,
    reads: readsOf(resource, path),
    nouns: step,
    ...idOf(resource),
    problems: notFoundProblem(resource),
    read: async ({ params: { id }, headers }, position) => {
      const { row, read } = await readLines(resource, side, id, headers);
      const page = await read({ ...position, order });
      const stored = { row, lines: page.lines.map(({ line }) => line) };
      const stream = streamName(resource.category, id);
      const found = await revealed(side.keys, stream, stored, resource.isErased(row));
      return {
        items: found.lines.map((line, index) => ({
          item: viewed(step, () => view(line, found.row)),
          place: (page.lines[index] as KeyedLine<Line>).key,
        })),
        next: nextKey(page),
      };
    },
  });
}

/**
 * The row of one aggregate, and functions that read its lines; fresh if the headers require it. `readStored` reads without the
 * lines in `unprojected`, which the projector has not written yet. Throws a problem.
 */
export async function readLines<Row, Line>(
  resource: QueryResource<Row, Line>,
  side: Pick<ReadSide<Row, Line>, 'log' | 'readModel'>,
  id: string,
  headers: RequestHeaders,
) {
  const { row, lines: unprojected, generation } = await findRow(resource, side, id, headers);
  const consistent = wantsFresh(headers);
  const readStored = (range: Omit<LineRange, 'consistent'>): Promise<LinesPage<Line>> =>
    side.readModel.lines(id, { ...range, consistent, ...(generation !== undefined && { generation }) });
  const read = async (range: Omit<LineRange, 'consistent'>): Promise<LinesPage<Line>> =>
    withUnprojectedLines(unprojected, await readStored(range), range);
  return { row, read, readStored, unprojected };
}

/** The next page begins after this key. Undefined: this is the last page. */
export function nextKey({ lines, hasMore }: LinesPage<unknown>): string | undefined {
  return hasMore ? lines.at(-1)?.key : undefined;
}
