import { problemOf } from './error-mapping.ts';
import type { HttpEvent } from './event.ts';
import { problemAnswer } from './problem.ts';
import type { Answer, RequestContext } from './route.ts';

/** A Lambda's answer to an HTTP API event, payload 2.0. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request on its way to its answer, with what the log says of it. */
export interface Exchange {
  readonly event: HttpEvent;
  readonly context: RequestContext;
  /** The path template once one matched; logs name it, for paths hold ids. */
  template?: string;
  /** The code of the problem it was answered with, if it was. */
  problemCode?: string;
  /** What a 5xx was answered for; logged, never sent. */
  failure?: unknown;
  result?: HttpResult;
}

/** Settles the exchange with an answer. HEAD is answered as GET is, without the body. */
export function settle(exchange: Exchange, { status, headers, body }: Answer): HttpResult {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const result = {
    statusCode: status,
    headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(text !== undefined && exchange.event.method !== 'HEAD' && { body: text }),
  };
  exchange.result = result;
  return result;
}

/** Settles the exchange with the problem that a thrown value stands for. */
export function settleFailure(exchange: Exchange, error: unknown): HttpResult {
  const { correlationId } = exchange.context;
  const problem = problemOf(error, correlationId);
  exchange.problemCode = problem.code;
  if (problem.status >= 500) exchange.failure = error;
  return settle(exchange, problemAnswer(problem, correlationId));
}
