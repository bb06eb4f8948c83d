import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { problemOf } from './error-mapping.ts';
import { correlationIdOf, normalizeEvent, requestContextOf } from './event.ts';
import type { HttpEvent, HttpResult } from './messages.ts';
import { problemAnswer } from './problem.ts';
import type { Reading, RecordRead } from './reads.ts';
import { type AnsweredRequest, logFailure, logRequest, reportedMethod } from './request-log.ts';
import { httpResult } from './result.ts';
import type { Router } from './router.ts';

interface ScopeOptions {
  readonly router: Router;
  readonly logger: Logger;
  readonly recordRead: RecordRead;
  /** ISO 8601, UTC, ms. */
  readonly now: () => string;
  readonly onAnswered?: ((request: AnsweredRequest) => void) | undefined;
}

/** The data of a request that the hooks share, in middy's `internal`. */
type Scope = {
  startedAtMs?: number;
  method?: string;
  correlationId?: string;
  template?: string;
  reading?: Reading | undefined;
  functionRequestId?: string | undefined;
};

/**
 * Middy middleware for requests. It replaces the Lambda event with a `RoutedRequest`, adds the correlation id to every log
 * line and to the response, answers every error with a problem, and logs and reports each request once.
 */
export function requestScope(
  options: ScopeOptions,
): MiddlewareObj<unknown, HttpResult, Error, Context, Scope> {
  const { router, logger, recordRead, now, onAnswered } = options;
  const identify = (scope: Scope, event?: HttpEvent): string => {
    const correlationId = correlationIdOf(event);
    logger.setCorrelationId(correlationId);
    scope.correlationId = correlationId;
    return correlationId;
  };
  const close = (scope: Scope, result: HttpResult, problemCode?: string): HttpResult => {
    const { startedAtMs = performance.now(), method = 'NONE', correlationId = '', template } = scope;
    const answered = {
      method: reportedMethod(method),
      template,
      status: result.statusCode,
      durationMs: performance.now() - startedAtMs,
      problemCode,
      correlationId,
    };
    logRequest(logger, answered);
    onAnswered?.(answered);
    return { ...result, headers: { ...result.headers, 'x-correlation-id': correlationId } };
  };
  return {
    before: (request) => {
      const scope = request.internal;
      scope.startedAtMs = performance.now();
      const event = normalizeEvent(request.event);
      scope.method = event.method;
      const correlationId = identify(scope, event);
      const routed = router(event, requestContextOf(event, correlationId, now()));
      scope.template = routed.template;
      scope.reading = routed.reading;
      scope.functionRequestId = request.context.awsRequestId;
      request.event = routed;
    },
    // The response is assigned and not returned. A returned one would end middy's chain before the logger's keys are reset.
    after: (request) => {
      if (!request.response) return;
      audit(recordRead, request.internal, request.response.statusCode);
      request.response = close(request.internal, request.response);
    },
    onError: (request) => {
      const scope = request.internal;
      // An event that is not an HTTP event has no correlation id yet.
      const correlationId = scope.correlationId ?? identify(scope);
      const failure = errorAfterAudit(recordRead, scope, request.error);
      const problem = problemOf(failure, correlationId);
      if (problem.status >= 500) logFailure(logger, failure);
      const result = httpResult(problemAnswer(problem, correlationId), scope.method);
      request.response = close(scope, result, problem.code);
    },
  };
}

/** Writes the line of what the request read. Tried once. If it fails, the request is answered with a problem, and shows nothing. */
function audit(recordRead: RecordRead, scope: Scope, status: number, problemCode?: string): void {
  const { reading, functionRequestId } = scope;
  scope.reading = undefined;
  const line = reading?.line({
    status,
    functionRequestId,
    ...(problemCode !== undefined && { problemCode }),
  });
  if (line) recordRead(line);
}

/** The error of a request, or the one of its audit. */
function errorAfterAudit(recordRead: RecordRead, scope: Scope, error: unknown): unknown {
  const { status, code } = problemOf(error, scope.correlationId ?? '');
  try {
    audit(recordRead, scope, status, code);
    return error;
  } catch (failure) {
    return failure;
  }
}
