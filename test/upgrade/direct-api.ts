import { unverifiedSignature } from '../../tools/host/aws-json.ts';

/** A request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With the query, if there is one. */
  readonly path: string;
  /** An object is sent as JSON, a string as plain text. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The `sub` of the caller's token. Absent: the request has no token. */
  readonly caller?: string;
}

/** The part of an answer that an upgrade must keep. */
export interface ApiAnswer {
  readonly status: number;
  readonly etag?: string | undefined;
  readonly location?: string | undefined;
  readonly body: unknown;
}

/** Invokes a function and returns its result. `name` is without the stage. Throws if the function fails. */
export async function invoke(awsUrl: string, name: string, event: unknown): Promise<unknown> {
  const response = await fetch(`${awsUrl}/2015-03-31/functions/streamfold-local-${name}/invocations`, {
    method: 'POST',
    headers: unverifiedSignature('lambda'),
    body: JSON.stringify(event),
  });
  const text = await response.text();
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`${name} failed: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Sends a request by direct invocation of the API's function, with the caller that an authorizer would name. */
export async function callApi(awsUrl: string, request: ApiRequest): Promise<ApiAnswer> {
  const { method, path, body, headers = {}, caller } = request;
  const [rawPath, rawQueryString = ''] = path.split('?');
  const contentType = typeof body === 'string' ? 'text/plain' : 'application/json';
  const result = (await invoke(awsUrl, 'api', {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { ...(body !== undefined && { 'content-type': contentType }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    requestContext: {
      http: { method, path: rawPath },
      ...(caller !== undefined && { authorizer: { jwt: { claims: { sub: caller } } } }),
    },
  })) as { statusCode: number; headers: Record<string, string>; body?: string };
  const { etag, location } = result.headers;
  return { status: result.statusCode, etag, location, body: JSON.parse(result.body || 'null') };
}
