import type * as z from 'zod';
import type { Immutable } from '../kernel/index.ts';
import type { Access, BodyScope } from './access.ts';
import type { HttpRequest, Method } from './messages.ts';
import type { HttpProblem } from './problem.ts';
import type { Reads } from './reads.ts';

/** One status that a route answers with. Without a schema its body is empty. */
export interface AnswerSpec {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Response headers to document: name to description. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answers of a route, by status. */
export type AnswerSpecs = Readonly<Record<number, AnswerSpec>>;

/** A body that the handler gets as bytes, at least one. */
export interface RawBody {
  /**
   * In lower case. A body with another content type is refused, except `application/octet-stream` and none. The handler
   * checks the content too, because a header can say anything.
   */
  readonly contentTypes: readonly [string, ...string[]];
  /** Upper bound of the decoded body. Lambda accepts events up to 6 MB, and base64 adds a third. */
  readonly maxBytes: number;
}

/** The path, method and documentation of a route. */
export interface RouteInfo {
  readonly method: Method;
  /** Template with named segments: `/ledger/{id}/credits`. */
  readonly path: `/${string}`;
  /** Who may use the route. `resource.ts` has the scopes of a category. */
  readonly access: Access;
  /**
   * What it shows of persons and accounts, for the audit of reads. Default: it is audited, without streams. The answers of an audited
   * route have `Cache-Control: no-store`.
   */
  readonly reads?: Reads;
  /** Unique in the API, in camel case: `creditAccount`. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** True: the route supports `Idempotency-Key`, `If-Match` and `If-None-Match`. Their documentation is added. Default: false. */
  readonly command?: boolean;
  /**
   * True: a POST that changes nothing. Its question is personal, so it is in the body and in no URL. Its answer must not be cached.
   * Default: false.
   */
  readonly readsOnly?: true;
  /** Problems of the route itself, by status: `{ 404: 'No such account.' }`. Those of the HTTP layer are added. */
  readonly problems?: Readonly<Record<number, string>>;
  /** Upper bound of the decoded JSON body in bytes. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
}

type BodyOf<Spec extends AnswerSpec> = Spec extends { readonly schema: z.ZodType<infer Body> }
  ? { readonly body: Immutable<Body> }
  : { readonly body?: never };

/** The answers that a handler may return: a documented status, with the body documented for it. */
export type AnswerOf<Answers extends AnswerSpecs> = {
  [Status in keyof Answers & number]: {
    readonly status: Status;
    readonly headers?: Readonly<Record<string, string>>;
    readonly commits?: boolean;
  } & BodyOf<Answers[Status]>;
}[keyof Answers & number];

/** The type of the body that a handler gets. */
type ReadBody<Body extends z.ZodType, Raw extends RawBody | undefined> = Raw extends RawBody
  ? Uint8Array
  : z.output<Body>;

/** The declaration of a route. */
export interface RouteSpec<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Answers extends AnswerSpecs,
  Given extends AnswerOf<Answers>,
  Raw extends RawBody | undefined,
> extends RouteInfo {
  /** Path parameters by name. Default: none. */
  readonly params?: Params;
  /** The problem for path parameters that do not match `params`. Default: `invalid-path-parameter`. */
  readonly invalidParams?: (() => HttpProblem) | undefined;
  /** Query parameters by name. Values are strings before parsing. Default: none are accepted. */
  readonly query?: Query;
  /** JSON body. Unknown fields are refused. It is optional if the schema accepts `undefined`. Default: a body is ignored. */
  readonly body?: Body;
  /** Passes the body to the handler as bytes. Not together with `body`. */
  readonly rawBody?: Raw;
  /** Scopes that some bodies need in addition to `access`. Default: none. */
  readonly bodyScopes?: readonly BodyScope<ReadBody<Body, Raw>>[];
  readonly answers: Answers;
  readonly handle: (
    request: HttpRequest<z.output<Params>, z.output<Query>, ReadBody<Body, Raw>>,
  ) => Promise<Given> | Given;
}
