import * as z from 'zod';
import type { Scope } from '../../schema/scopes.ts';
import {
  type CommitClock,
  type Folding,
  hasPersonalFields,
  type Immutable,
  type LogQueries,
  type Revealed,
  type RowQueries,
  rowNow,
  streamName,
  type VersionedRow,
} from '../kernel/index.ts';
import { wantsFresh } from './conditions.ts';
import type { Cursors } from './cursor.ts';
import { aggregateIdSchema } from './parameters.ts';
import { rejectionProblem } from './problem.ts';
import type { Reads } from './reads.ts';
import { revealedAll, type ViewKeys, viewed } from './revealing.ts';
import type { RequestHeaders } from './route.ts';
import { hasSystemIds, systemIdPattern } from './system-ids.ts';

/** A field of an answer: the version of the stream that the answer reflects. */
export const versionField = z.int().min(1).meta({ description: 'Version of the stream that this reflects.' });

/** A field of an answer: an instant. */
export const instantField = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds.' });

/** What stands in the place of a personal value whose key is destroyed. No personal value has this form. */
export const erasedSchema = z.object({ erased: z.literal(true) }).meta({
  id: 'Erased',
  description: 'The personal value was erased: its key is destroyed. It cannot be restored.',
});

/** A field of an answer, or an item of a list, that is personal in the events: its value, or that it was erased. */
export function personalField<Schema extends z.ZodType>(schema: Schema) {
  const description = 'Personal data: the value, or `{"erased": true}` if it was erased.';
  return z.union([schema, erasedSchema]).meta({ description, personal: true });
}

/** The path parameter of routes that are about one aggregate. */
export const idParams = z.object({ id: aggregateIdSchema });

const systemIdParams = z.object({
  id: z.string().regex(systemIdPattern).meta({ description: 'The UUID that the server made.' }),
});

/**
 * The path parameter of routes that are about one aggregate of a resource. Where only the system makes ids, any other text is answered like
 * an id that does not exist, before anything is done with it.
 */
export function idOf(resource: ResourceName) {
  if (!hasSystemIds(resource.category)) return { params: idParams };
  return { params: systemIdParams, invalidParams: () => notFound(resource) };
}

type FieldsOf<Shape extends z.ZodRawShape> = Immutable<z.output<z.ZodObject<Shape>>>;

/** The names that the API uses for the aggregates of one category. */
export interface ResourceName {
  /** The category of their streams, and the tag of their routes. */
  readonly category: string;
  /** The path of the list: `/ledger`. The path of one aggregate is `/ledger/{id}`. */
  readonly path: `/${string}`;
  /** The word for one aggregate, as in "There is no account with this id." */
  readonly noun: string;
  /**
   * Why nobody needs to know who read these aggregates: a sentence. A context with personal fields must not have it, and a test
   * checks that. Absent: every read is audited.
   */
  readonly unaudited?: string | undefined;
}

/** The part of a resource that commands need. */
export interface CommandResource<Answer> extends ResourceName {
  /** Whether an event of the category has a personal field. */
  readonly hasPersonalData: boolean;
  /** The schema of every command's answer. */
  readonly answerSchema: z.ZodType<{ readonly id: string; readonly version: number } & Answer>;
}

/** The part of a resource that queries need. */
export interface QueryResource<Row, Line> extends ResourceName {
  readonly projection: Folding<never, Row, Line>;
  /** The schema of one row as an answer. */
  readonly schema: z.ZodType;
  /** Converts a row to an answer that matches {@link schema}. `now`: the time of the request. */
  readonly view: (row: VersionedRow<Revealed<Row>>, now: string) => object;
  /** False: no row says that it is erased, so nobody needs to ask. */
  readonly canBeErased: boolean;
  /** Whether the personal values of the aggregate are erased, as its row says. */
  readonly isErased: (row: Row) => boolean;
}

/** A resource as its context declares it. Every answer has `id` and `version`; the context lists the other fields. */
interface ResourceSpec<Row, Line, Answer extends z.ZodRawShape, Fields extends z.ZodRawShape>
  extends Omit<ResourceName, 'category'> {
  readonly projection: Folding<never, Row, Line>;
  /** What a command answers: the fields that the context's `answer` returns. */
  readonly answer: Answer;
  /** What a query answers. */
  readonly fields: Fields;
  /** The row is revealed: it has plain values, and `erased` in the place of each one whose key is gone. It must be a pure function. */
  readonly view: (row: Revealed<Row>, now: string) => FieldsOf<Fields>;
  /**
   * Whether the row says that the personal values of the aggregate are erased. Then they are shown as `erased` at once, and not only when
   * the last process has forgotten the key. Default: no row says so.
   */
  readonly isErased?: (row: Row) => boolean;
}

/** Declares how the API presents the aggregates of one category. */
export function defineResource<
  Row extends { readonly id: string },
  Line,
  Answer extends z.ZodRawShape,
  Fields extends z.ZodRawShape,
>(
  spec: ResourceSpec<Row, Line, Answer, Fields>,
): CommandResource<FieldsOf<Answer>> & QueryResource<Row, Line> {
  const { projection, path, noun, unaudited, answer, fields, view, isErased } = spec;
  const answerSchema = z.object({ id: z.string(), version: versionField, ...answer });
  return {
    category: projection.category,
    path,
    noun,
    unaudited,
    projection,
    hasPersonalData: hasPersonalFields(projection.events),
    answerSchema: answerSchema as unknown as CommandResource<FieldsOf<Answer>>['answerSchema'],
    schema: z.object({ id: z.string(), version: versionField, ...fields }),
    // An id is never an envelope.
    view: ({ row, version }, now) => ({ id: (row as Row).id, version, ...view(row, now) }),
    canBeErased: isErased !== undefined,
    isErased: isErased ?? (() => false),
  };
}

/** What queries read. */
export interface ReadSide<Row, Line, List extends string = string> {
  readonly log: LogQueries;
  readonly commitClock: Pick<CommitClock, 'untilSettled'>;
  readonly readModel: RowQueries<Row, Line, List>;
  readonly keys: ViewKeys;
  readonly cursors: Cursors;
}

/** The row of one aggregate, fresh if the headers require it. Throws a problem if there is no row. */
export async function findRow<Row, Line>(
  resource: QueryResource<Row, Line>,
  side: Pick<ReadSide<Row, Line>, 'log' | 'readModel'>,
  id: string,
  headers: RequestHeaders,
) {
  const found = await rowNow(side, resource.projection, id, wantsFresh(headers));
  if (!found) throw notFound(resource);
  return found;
}

/**
 * The answers for rows of the resource, in their order. Reads the keys of all rows at once. `erasedLater`: the rows are of the past, and
 * the aggregate is erased now. Throws like {@link revealedAll}.
 */
export async function viewsOf<Row extends { readonly id: string }, Line>(
  { category, noun, view, isErased }: QueryResource<Row, Line>,
  { keys }: Pick<ReadSide<Row, Line>, 'keys'>,
  found: readonly VersionedRow<Row>[],
  now: string,
  erasedLater = false,
): Promise<readonly object[]> {
  const stored = found.map(({ row: value }) => ({
    stream: streamName(category, value.id),
    value,
    isErased: erasedLater || isErased(value),
  }));
  const rows = await revealedAll(keys, stored);
  return rows.map((row, index) => {
    const { version } = found[index] as VersionedRow<Row>;
    return viewed(noun, () => view({ row, version }, now));
  });
}

/** The problem of a query for an aggregate that does not exist, or did not exist at the requested time. */
export function notFound(
  { category, noun }: ResourceName,
  detail = `There is no ${noun} with this id, or it has not reached the read model yet.`,
) {
  return rejectionProblem({ kind: 'not-found', code: `${category}/not-found`, detail });
}

/** The scopes of the routes of one category. */
export function scopesOf(category: string) {
  return { read: `${category}:read`, write: `${category}:write` } as const satisfies Record<string, Scope>;
}

/** What a route of the resource reads: the aggregate in its path, or else those in its answer, by their `id`. */
export function readsOf({ category, unaudited }: ResourceName, path: string): Reads {
  if (unaudited !== undefined) return 'nothing';
  if (path.includes('{id}'))
    return { path: ({ id }) => (id === undefined ? [] : [streamName(category, id)]) };
  return { answer: (body) => itemsIn(body).map(({ id }) => streamName(category, id)) };
}

/** The items of a page, or the answer itself. */
function itemsIn(body: unknown): readonly { readonly id: string }[] {
  const { items } = body as { readonly items?: readonly { readonly id: string }[] };
  return items ?? [body as { readonly id: string }];
}

/** Documents the 404 of a route for one aggregate. */
export function notFoundProblem({ noun }: ResourceName) {
  return { 404: `There is no ${noun} with this id.` } as const;
}
