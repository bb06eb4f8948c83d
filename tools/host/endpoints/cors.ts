/** The CORS configuration of an HTTP API. Header names may be in any case. */
export interface CorsConfiguration {
  readonly AllowOrigins: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
  readonly AllowCredentials?: boolean;
}

type Headers = Readonly<Record<string, string>>;

/** The headers of a request that CORS reads. */
export interface CorsRequest {
  readonly method: string;
  readonly origin: string | undefined;
  /** `Access-Control-Request-Method`, which makes an OPTIONS request a preflight. */
  readonly requestedMethod: string | undefined;
}

/**
 * CORS as API Gateway does it for an HTTP API: without a configuration, what the function answers is passed on. With one, the
 * CORS headers of functions are replaced, in all answers, its own errors included; a preflight without a route is answered.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export class Cors {
  readonly #configuration: CorsConfiguration | undefined;

  constructor(configuration?: CorsConfiguration) {
    this.#configuration = configuration;
  }

  /** Whether pages of this origin may call. A pattern (`*`, `https://*`) allows nobody here: stages name their origins. */
  allows(origin: string): boolean {
    return this.#configuration?.AllowOrigins.includes(origin) === true;
  }

  /** Whether API Gateway answers this request itself when no route matches. */
  isPreflight({ method, origin, requestedMethod }: CorsRequest): boolean {
    return (
      method === 'OPTIONS' && origin !== undefined && requestedMethod !== undefined && this.allows(origin)
    );
  }

  /** The headers of the answer to a request, made of those that a function or API Gateway gave it. */
  headersFor(request: CorsRequest, headers: Headers): Headers {
    const configuration = this.#configuration;
    if (configuration === undefined) return headers;
    const others = Object.entries(headers).filter(([name]) => !isCorsHeader(name));
    // The answer depends on the origin, also when it has no CORS headers.
    const vary = [headers['vary'], 'origin'].filter((value) => value !== undefined).join(', ');
    const { origin } = request;
    if (origin === undefined || !this.allows(origin)) return { ...Object.fromEntries(others), vary };
    return {
      ...Object.fromEntries(others),
      vary,
      'access-control-allow-origin': origin,
      ...(configuration.AllowCredentials === true && { 'access-control-allow-credentials': 'true' }),
      ...(this.isPreflight(request) ? preflightHeaders(configuration) : exposedHeaders(configuration)),
    };
  }
}

/** Whether the name, in lower case, is one of CORS. */
export function isCorsHeader(name: string): boolean {
  return name.startsWith('access-control-');
}

function preflightHeaders({ AllowMethods, AllowHeaders, MaxAge }: CorsConfiguration): Headers {
  return {
    ...listHeader('access-control-allow-methods', AllowMethods),
    ...listHeader('access-control-allow-headers', AllowHeaders),
    ...(MaxAge !== undefined && { 'access-control-max-age': String(MaxAge) }),
  };
}

function exposedHeaders({ ExposeHeaders }: CorsConfiguration): Headers {
  return listHeader('access-control-expose-headers', ExposeHeaders);
}

function listHeader(name: string, values: readonly string[] = []): Headers {
  return values.length === 0 ? {} : { [name]: values.join(',') };
}
