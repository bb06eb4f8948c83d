import * as http from 'node:http';
import * as https from 'node:https';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** From the root of the API, with a query where there is one. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Parsed; the text itself where it is not JSON. */
  readonly body: unknown;
}

export interface HttpClientOptions {
  readonly baseUrl: URL;
  /** Connections that are kept open at most. */
  readonly maxConnections: number;
  /** A connection that stays silent for so long is given up (code `ETIMEDOUT`). */
  readonly timeoutMs: number;
}

/** One try per request, over connections that stay open. */
export class HttpClient {
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  readonly #options: HttpClientOptions;
  readonly #basePath: string;

  constructor(options: HttpClientOptions) {
    const isTls = options.baseUrl.protocol === 'https:';
    this.#options = options;
    this.#basePath = options.baseUrl.pathname.replace(/\/$/, '');
    this.#request = isTls ? https.request : http.request;
    this.#agent = new (isTls ? https.Agent : http.Agent)({
      keepAlive: true,
      maxSockets: options.maxConnections,
    });
  }

  /** Rejects where no whole answer came: whether the request took effect is then unknown. */
  try({ method, path, headers = {}, body }: ApiRequest): Promise<ApiAnswer> {
    const { baseUrl, timeoutMs } = this.#options;
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer>();
    const sent = this.#request({
      agent: this.#agent,
      method,
      protocol: baseUrl.protocol,
      hostname: baseUrl.hostname.replace(/^\[|\]$/g, ''),
      port: baseUrl.port,
      path: this.#basePath + path,
      timeout: timeoutMs,
      headers: {
        ...headers,
        ...(payload && { 'content-type': 'application/json', 'content-length': payload.byteLength }),
      },
    });
    sent.on('timeout', () => {
      sent.destroy(Object.assign(new Error(`No answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, body: parsed(Buffer.concat(chunks).toString()) });
      });
    });
    sent.end(payload);
    return promise;
  }

  /** Closes every connection; requests under way are rejected. */
  close(): void {
    this.#agent.destroy();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
