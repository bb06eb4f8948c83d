import * as z from 'zod';
import {
  type EventLog,
  type Folding,
  type Immutable,
  type ReadModel,
  rowNow,
  type VersionedRow,
} from '../kernel/index.ts';
import { wantsFresh } from './conditions.ts';
import type { Cursors } from './cursor.ts';
import { aggregateIdSchema } from './parameters.ts';
import { rejectionProblem } from './problem.ts';
import type { RequestHeaders } from './route.ts';

/** A field of an answer: the version of the stream that the answer reflects. */
export const versionField = z.int().min(1).meta({ description: 'Version of the stream that this reflects.' });

/** A field of an answer: an instant. */
export const instantField = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds.' });

/** The path parameter of routes that are about one aggregate. */
export const idParams = z.object({ id: aggregateIdSchema });

type FieldsOf<Shape extends z.ZodRawShape> = Immutable<z.output<z.ZodObject<Shape>>>;

/** What the API calls the aggregates of one category. */
export interface ResourceName {
  /** The category of their streams. Their routes are tagged with it. */
  readonly category: string;
  /** Where all of them are: `/ledger`. One of them is at `/ledger/{id}`. */
  readonly path: `/${string}`;
  /** The word for one of them, as in "There is no account with this id." */
  readonly noun: string;
}

/** The part of a resource that commands need. */
export interface CommandResource<Answer> extends ResourceName {
  /** What every command answers. */
  readonly answerSchema: z.ZodType<{ readonly id: string; readonly version: number } & Answer>;
}

/** The part of a resource that queries need. */
export interface QueryResource<Row, Line> extends ResourceName {
  readonly projection: Folding<never, Row, Line>;
  /** One row as an answer. */
  readonly schema: z.ZodType;
  /** Makes the answer of {@link schema}. `now`: the instant of the request. */
  readonly view: (row: VersionedRow<Row>, now: string) => object;
}

/** A resource as its context declares it. Every answer has `id` and `version`; the context lists the other fields. */
interface ResourceSpec<Row, Line, Answer extends z.ZodRawShape, Fields extends z.ZodRawShape>
  extends Omit<ResourceName, 'category'> {
  readonly projection: Folding<never, Row, Line>;
  /** What a command answers: the fields that the context's `answer` returns. */
  readonly answer: Answer;
  /** What a query answers. */
  readonly fields: Fields;
  readonly view: (row: Row, now: string) => FieldsOf<Fields>;
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
  const { projection, path, noun, answer, fields, view } = spec;
  const answerSchema = z.object({ id: z.string(), version: versionField, ...answer });
  return {
    category: projection.category,
    path,
    noun,
    projection,
    answerSchema: answerSchema as unknown as CommandResource<FieldsOf<Answer>>['answerSchema'],
    schema: z.object({ id: z.string(), version: versionField, ...fields }),
    view: ({ row, version }, now) => ({ id: row.id, version, ...view(row, now) }),
  };
}

/** What queries read from. */
export interface ReadSide<Row, Line, List extends string = string> {
  readonly log: EventLog;
  readonly readModel: ReadModel<Row, Line, List>;
  readonly cursors: Cursors;
}

/** The row of one aggregate, fresh if the headers ask for that. Throws a problem where there is none. */
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

/** The problem of a query for an aggregate that does not exist, or did not exist at the time asked for. */
export function notFound(
  { category, noun }: ResourceName,
  detail = `There is no ${noun} with this id, or it has not reached the read model yet.`,
) {
  return rejectionProblem({ kind: 'not-found', code: `${category}/not-found`, detail });
}

/** The problem of a route for one aggregate, as the OpenAPI document describes it. */
export function notFoundProblem({ noun }: ResourceName) {
  return { 404: `There is no ${noun} with this id.` } as const;
}
