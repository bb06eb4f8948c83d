import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import type { Logger } from '@aws-lambda-powertools/logger';

/** What is reported of a request that was answered. It has no bodies, no paths and no personal data. */
export interface AnsweredRequest {
  /** A known method, or `OTHER`. */
  readonly method: string;
  /** The path template of its route. Undefined: no route has the path. */
  readonly template: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  /** The code of the problem that it was answered with. Undefined: none. */
  readonly problemCode: string | undefined;
  readonly correlationId: string;
}

/** The methods that are reported. A client can send any other text, which would add values without limit. */
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The method as it is reported: a known one, or `OTHER`. */
export function reportedMethod(method: string): string {
  return knownMethods.has(method) ? method : 'OTHER';
}

/** Logs one line for an answered request. */
export function logRequest(logger: Logger, line: AnsweredRequest): void {
  const { method, template = 'unmatched', status, durationMs, problemCode } = line;
  logger.info('request', {
    method,
    route: template,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...(problemCode !== undefined && { problem: problemCode }),
  });
}

/** Logs the error that caused a 5xx. The answer does not show it. */
export function logFailure(logger: Logger, thrown: unknown): void {
  const error = isNativeError(thrown) ? thrown : new Error(`Thrown: ${inspect(thrown, { depth: 1 })}`);
  logger.error('request failed', error);
}
