import { inspect } from 'node:util';
import { isNativeError } from 'node:util/types';
import type { Logger } from '@aws-lambda-powertools/logger';

/** What the log says about one request: no bodies, no paths, nothing personal. */
export interface RequestLine {
  readonly method: string;
  /** The path template of its route. Absent if no route has the path. */
  readonly template?: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  /** The code of the problem that it was answered with. */
  readonly problemCode?: string;
}

/** A client can invent any other method. The log names those below only, so that its values stay few. */
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Logs one line for a request that has its answer. */
export function logRequest(logger: Logger, line: RequestLine): void {
  const { method, template = 'unmatched', status, durationMs, problemCode } = line;
  logger.info('request', {
    method: knownMethods.has(method) ? method : 'OTHER',
    route: template,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...(problemCode !== undefined && { problem: problemCode }),
  });
}

/** Logs the error behind a 5xx, which the answer does not show. */
export function logFailure(logger: Logger, thrown: unknown): void {
  const error = isNativeError(thrown) ? thrown : new Error(`Thrown: ${inspect(thrown, { depth: 1 })}`);
  logger.error('request failed', error);
}
