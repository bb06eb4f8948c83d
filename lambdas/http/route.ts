import * as z from 'zod';
import { readJsonBody, readRawBody } from './body.ts';
import type { Answer, HttpRequest, Method, RawRequest } from './messages.ts';
import { parseBody, parseParams, parseQuery, strictly, takesPersonalData } from './validation.ts';

/** For files that declare routes: they need one import. */
export type { HttpRequest, RequestHeaders } from './messages.ts';

/** One status a route answers with; without a schema its body is empty. */
export interface AnswerSpec {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Response headers worth documenting: name to description. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that the handler gets as the bytes it is, never empty. */
export interface RawBody {
  /** Documented; the content decides, for anyone can write a header. */
  readonly contentTypes: readonly [string, ...string[]];
  /** Upper bound, decoded. Lambda takes no event over 6 MB, and base64 adds a third. */
  readonly maxBytes: number;
}

/** What documents a route and finds it; everything but its types. */
export interface RouteInfo {
  readonly method: Method;
  /** Template with named segments: `/ledger/{id}/credits`. */
  readonly path: `/${string}`;
  /** Unique over the API, camelCase: `creditAccount`. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** True for routes that honour `Idempotency-Key` and `If-Match`; documents them and the problems they bring. */
  readonly command?: boolean;
  /** Problems of the route itself, by status: `{ 404: 'No such account.' }`. Those of the HTTP layer are added. */
  readonly problems?: Readonly<Record<number, string>>;
  /** In bytes, decoded; 1 MiB unless told. */
  readonly maxBodyBytes?: number;
}

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

type BodyOf<Spec extends AnswerSpec> = Spec extends { readonly schema: z.ZodType<infer Body> }
  ? { readonly body: Immutable<Body> }
  : { readonly body?: never };

/** The answers a handler may give: a documented status, with the body documented for it. */
export type AnswerOf<Answers extends Readonly<Record<number, AnswerSpec>>> = {
  [Status in keyof Answers & number]: {
    readonly status: Status;
    readonly headers?: Readonly<Record<string, string>>;
  } & BodyOf<Answers[Status]>;
}[keyof Answers & number];

type NoFields = z.ZodObject<Record<never, never>>;

/** The type of the body that a handler sees. */
type ReadBody<Body extends z.ZodType, Raw extends RawBody | undefined> = Raw extends RawBody
  ? Uint8Array
  : z.output<Body>;

interface RouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answers extends Readonly<Record<number, AnswerSpec>>,
  Given extends AnswerOf<Answers>,
  Raw extends RawBody | undefined,
> extends RouteInfo {
  /** Path parameters by name. Absent: none. */
  readonly params?: Params;
  /** Query parameters by name, values are strings before parsing. Absent: none are taken. */
  readonly query?: Query;
  /** JSON body. Objects are taken strictly. One that takes `undefined` makes the body optional; absent, any is ignored. */
  readonly body?: Body;
  /** Takes the body as bytes instead. */
  readonly rawBody?: Raw;
  readonly answers: Answers;
  readonly handle: (
    request: HttpRequest<z.output<Params>, z.output<Query>, ReadBody<Body, Raw>>,
  ) => Promise<Given> | Given;
}

/** A route as the API handler and the OpenAPI document take it: types erased, validation inside. */
export interface Route extends RouteInfo {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly rawBody?: RawBody | undefined;
  readonly bodyRequired: boolean;
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** Validates and handles. Throws `HttpProblem` for bad input. */
  readonly invoke: (raw: RawRequest) => Promise<Answer>;
}

const defaultBodyBytesMax = 1024 * 1024;
const noFields = z.strictObject({});
const parameterPattern = /\{([^}]*)\}/g;

/**
 * Declares a route: schemas validate, type and document it at once. Throws where path and `params` disagree, and for a
 * body both raw and not.
 */
export function defineRoute<
  const Answers extends Readonly<Record<number, AnswerSpec>>,
  Params extends z.ZodObject = NoFields,
  Query extends z.ZodObject = NoFields,
  Body extends z.ZodType = z.ZodUndefined,
  const Given extends AnswerOf<Answers> = AnswerOf<Answers>,
  const Raw extends RawBody | undefined = undefined,
>(spec: RouteSpec<Params, Query, Body, Answers, Given, Raw>): Route {
  requireSameParameters(spec.path, spec.params ?? noFields);
  if (spec.body && spec.rawBody) throw new Error(`Route ${spec.path} declares its body twice`);
  const params = spec.params && strictly(spec.params);
  const query = strictly(spec.query ?? noFields);
  const body = spec.body && strictly(spec.body);
  const { rawBody } = spec;
  const bodyRequired = rawBody !== undefined || (body !== undefined && !body.safeParse(undefined).success);
  const bodyOptions = {
    maxBytes: spec.maxBodyBytes ?? defaultBodyBytesMax,
    required: bodyRequired,
    isPersonal: () => body !== undefined && takesPersonalData(body),
  };

  const readBody = (raw: RawRequest): unknown =>
    rawBody
      ? readRawBody(raw.body, rawBody.maxBytes)
      : body && parseBody(body, readJsonBody(raw.headers, raw.body, bodyOptions));
  const read = (raw: RawRequest): HttpRequest => ({
    params: params ? parseParams(params, raw.params) : {},
    query: parseQuery(query, raw.rawQuery),
    body: readBody(raw),
    headers: raw.headers,
    context: raw.context,
  });
  return {
    ...spec,
    query,
    ...(params && { params }),
    ...(body && { body }),
    bodyRequired,
    // The schemas that parsed are those the handler's types come from.
    invoke: async (raw) => await spec.handle(read(raw) as Parameters<typeof spec.handle>[0]),
  };
}

function requireSameParameters(path: string, params: z.ZodObject): void {
  const inPath = [...path.matchAll(parameterPattern)].map(([, name]) => name).toSorted();
  const declared = Object.keys(params.shape).toSorted();
  if (inPath.join() !== declared.join()) {
    throw new Error(
      `Route ${path} names {${inPath.join('}, {')}} but declares params: ${declared.join(', ')}`,
    );
  }
}
