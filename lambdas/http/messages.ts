/** The messages of the HTTP layer. This file imports nothing, so that every other file of the layer may import it. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Header names are in lower case. The values of a repeated header are joined by commas. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** An HTTP API event (payload 2.0) with every part present and of the right type. Nothing in it is validated yet. */
export interface HttpEvent {
  /** Upper case; any token, known or not. */
  readonly method: string;
  /** Begins with a slash. Escapes stay as they are. */
  readonly path: string;
  /** Without the `?`, still encoded. */
  readonly rawQuery: string;
  readonly headers: RequestHeaders;
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly requestId: string | undefined;
  readonly authorizer: Readonly<Record<string, unknown>>;
  /** The route that API Gateway chose: `$default` or, for example, `GET /health`. */
  readonly routeKey: string | undefined;
}

/** What a request carries besides its input. It goes into commits and logs. */
export interface RequestContext {
  /** One id from the request through command, commit and record to the projection. */
  readonly correlationId: string;
  /** The caller, as the authorizer names it: the `sub` of a JWT or an IAM ARN. Absent where nothing authorizes. */
  readonly actor?: string;
  /** W3C trace context, if the caller sent a valid one. */
  readonly traceparent?: string;
  /** When the function received the request: ISO 8601, UTC, ms. */
  readonly now: string;
}

/** A body as an HTTP API event carries it. */
export interface RequestBody {
  readonly text: string | undefined;
  readonly isBase64Encoded: boolean;
}

/** A request that has found its route and is not validated yet. */
export interface RawRequest {
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Without the `?`, still encoded. */
  readonly rawQuery: string;
  readonly headers: RequestHeaders;
  readonly body: RequestBody;
  readonly context: RequestContext;
}

/** A request as a route's handler sees it: validated and typed by the route's schemas. */
export interface HttpRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: RequestHeaders;
  readonly context: RequestContext;
}

/** A response before it is serialized. `body` becomes JSON; without it the response is empty. Header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A Lambda function's response to an HTTP API event, payload 2.0. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
