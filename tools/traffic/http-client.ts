import { Pool } from 'undici';

/** A request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** From the root of the API, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** The answer to a request. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed; the text itself if it is not JSON. */
  readonly body: unknown;
}

/** One try per request, over connections that stay open. */
export class HttpClient {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #credentials: Readonly<Record<string, string>>;

  /** A request fails if the server stays silent for `timeoutMs`. `token`: sent with every request. */
  constructor(
    baseUrl: URL,
    { connections, timeoutMs, token }: { connections: number; timeoutMs: number; token?: string | undefined },
  ) {
    this.#credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const timeouts = { connectTimeout: timeoutMs, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    this.#pool = new Pool(baseUrl.origin, { connections, ...timeouts });
    this.#basePath = baseUrl.pathname.replace(/\/$/, '');
  }

  /** Rejects if no whole answer came: it is then unknown whether the request took effect. */
  async try({ method, path, headers = {}, body }: ApiRequest): Promise<ApiAnswer> {
    const answer = await this.#pool.request({
      method,
      path: this.#basePath + path,
      headers: {
        ...this.#credentials,
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.statusCode, headers: answer.headers, body: parsed(await answer.body.text()) };
  }

  /** Closes every connection. Running requests are rejected. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
