import { standardAttributes } from '../../schema/tracing.ts';
import type { Invocation, Tracing } from '../tracing/tracing.ts';
import { hasBatchFailures } from './invocation-span.ts';
import type { InvocationTelemetry } from './invocation-telemetry.ts';

/** Runs an invocation of a function. */
export type Invoke = <Result>(invocation: Invocation, run: () => Promise<Result>) => Promise<Result>;

/**
 * What runs the invocations of one process: traced, with the telemetry written at the end, even if it fails. The span says whether it is the first of the
 * process, and that it failed if a part of its batch comes again.
 */
export function invoker(
  tracing: Pick<Tracing, 'invocation' | 'describe'>,
  telemetry: Pick<InvocationTelemetry, 'flush'>,
): Invoke {
  let isFirst = true;
  return async (invocation, run) => {
    const attributes = { ...invocation.attributes, [standardAttributes.faasColdStart]: isFirst };
    isFirst = false;
    try {
      return await tracing.invocation({ ...invocation, attributes }, async () => {
        const result = await run();
        if (hasBatchFailures(result)) tracing.describe({ error: 'batch-item-failures' });
        return result;
      });
    } finally {
      telemetry.flush();
    }
  };
}
