import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { observeCalls } from '../aws/observed-client.ts';
import type { Observer } from '../kernel/index.ts';
import { lazyTracing } from '../tracing/lazy-tracing.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Platform } from './adapters.ts';
import { dynamoDBClient } from './clients.ts';
import type { Environment } from './environment.ts';
import { functionObserver } from './function-observer.ts';
import { invocationOf } from './invocation-span.ts';
import { InvocationTelemetry } from './invocation-telemetry.ts';
import { type Invoke, invoker } from './invoker.ts';
import { loadTracing, type TracingReports } from './load-tracing.ts';
import { newLogger } from './logger.ts';
import { nodeEffects } from './node-effects.ts';

/**
 * An invocation fails this long before Lambda's timeout, in ms. Lambda ends the process at its timeout, and the spans of the failure are sent, and the
 * telemetry is written, after the work.
 */
const timeoutReserveMs = 250;

/** What every function has: its logger, telemetry, tracing, and the client of DynamoDB. */
export interface FunctionRuntime {
  readonly logger: Logger;
  readonly telemetry: InvocationTelemetry;
  readonly tracing: Tracing;
  readonly observer: Observer;
  readonly platform: Platform;
  /** Runs an invocation: traced, with its telemetry written at the end, even if it fails. */
  readonly invoke: Invoke;
  /** The Lambda handler of a function that is not the API. */
  handler<Event, Result>(
    handle: (event: Event, context: Context) => Promise<Result>,
  ): (event: Event, context: Context) => Promise<Result>;
}

/** Creates the runtime of a function, once for each process. Throws if a variable that every function has is not set. */
export function functionRuntime(env: Environment): FunctionRuntime {
  const telemetry = new InvocationTelemetry(env, nodeEffects);
  const reports: TracingReports = {
    warn: (message, details) => logger.warn(message, { ...details }),
    info: (message, details) => logger.info(message, { ...details }),
    dropped: (spans) => telemetry.count('SpansDropped', spans),
  };
  const tracing: Tracing = lazyTracing(loadTracing(env, reports), (error) =>
    logger.warn('Traces are off: the adapter could not be loaded.', { error }),
  );
  const logger = newLogger(tracing);
  observeCalls(tracing);
  const observer = functionObserver(logger, tracing, telemetry);
  const platform = { client: dynamoDBClient(), env, effects: nodeEffects };
  const invoke = invoker(tracing, telemetry);
  return {
    ...{ logger, telemetry, tracing, observer, platform, invoke },
    handler: (handle) => {
      const options = { timeoutEarlyInMillis: timeoutReserveMs };
      const withContext = middy(handle, options).use(injectLambdaContext(logger, { resetKeys: true }));
      return (event, context) => invoke(invocationOf(event, context), () => withContext(event, context));
    },
  };
}
