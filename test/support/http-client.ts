/** The answer of an HTTP route. `body` is parsed JSON; `{}` for an empty body. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export type HttpClient = (
  method: string,
  path: string,
  json?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

/** Calls the HTTP routes of a running host, as JSON. `signal`: ends calls without an answer. */
export function httpClient(baseUrl: () => string, signal?: AbortSignal): HttpClient {
  return async (method, path, json, headers = {}) => {
    const response = await fetch(baseUrl() + path, {
      method,
      headers: { ...(json && { 'content-type': 'application/json' }), ...headers },
      ...(json && { body: JSON.stringify(json) }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
}
