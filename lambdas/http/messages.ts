/** The messages of the HTTP layer. This file has no imports, so every other file of the layer may import it. */

/** The methods that a route can have. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Header names are in lower case. The values of a repeated header are joined by commas. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** An HTTP API event (payload 2.0) with every part present and of the right type. Nothing in it is validated yet. */
export interface HttpEvent {
  /** In upper case. It may be an unknown method. */
  readonly method: string;
  /** Begins with a slash. Not decoded. */
  readonly path: string;
  /** Without the `?`, still encoded. */
  readonly rawQuery: string;
  readonly headers: RequestHeaders;
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  /** What API Gateway's authorizer found out. Absent for open routes, and if a direct invocation does not state it. */
  readonly authorizer: Readonly<Record<string, unknown>> | undefined;
  /** True if the event came through an HTTP API. A direct invocation can claim it, but then it has no more rights. */
  readonly fromGateway: boolean;
}

/** Who is asking. */
export interface Principal {
  readonly tenant: string;
  /** Who vouches for the subject: the issuer of a token, an AWS account, or a `urn:streamfold:` name. It has no space. */
  readonly issuer: string;
  /** The caller's name at the issuer. */
  readonly subject: string;
  /** What the caller may do. */
  readonly scopes: 'all' | ReadonlySet<string>;
  /** The caller's name in commits. Absent where nobody is asked. */
  readonly actor?: string;
}

/** The context of a request, for commits and logs. */
export interface RequestContext {
  /** A UUID. The same id for the request, its commit, the published record and the projection. */
  readonly correlationId: string;
  /** Absent on open routes. */
  readonly principal?: Principal;
  /** The principal's name in commits. */
  readonly actor?: string;
  /** The name that the release before gave the caller in commits. See `EarlierIdentity`. */
  readonly earlierActor?: string;
  /** W3C trace context, if the caller sent a valid one. */
  readonly traceparent?: string;
  /** When the function received the request: ISO 8601, UTC, ms. */
  readonly now: string;
}

/** A body as it is in an HTTP API event. */
export interface RequestBody {
  readonly text: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** A request whose route is known and that is not validated yet. */
export interface RawRequest {
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Without the `?`, still encoded. */
  readonly rawQuery: string;
  readonly headers: RequestHeaders;
  readonly body: RequestBody;
  readonly context: RequestContext;
  /** Called when the request is valid, before it is handled. */
  readonly onValid?: (request: { readonly query: unknown; readonly body: unknown }) => void;
}

/** A request as a route's handler sees it: validated and typed by the route's schemas. */
export interface HttpRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: RequestHeaders;
  readonly context: RequestContext;
}

/** A response before it is serialized. `body` becomes JSON; without it the response is empty. Header names: lower case. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** True: the request has appended a commit, which names its caller. It is not sent. Default: false. */
  readonly commits?: boolean;
}

/** A Lambda function's response to an HTTP API event, payload 2.0. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
