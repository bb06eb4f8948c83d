import type { Logger } from '@aws-lambda-powertools/logger';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Observer, Step } from '../kernel/index.ts';
import type { InvocationTelemetry } from './invocation-telemetry.ts';

/**
 * The kernel's observer on Powertools: a trace segment per step, warnings as structured log lines, and telemetry.
 * `count` compiles only if `schema/telemetry.ts` has every counter of the kernel.
 */
export function powertoolsObserver(
  logger: Logger,
  tracer: Promise<Tracer | undefined>,
  telemetry: InvocationTelemetry,
): Observer {
  return {
    step: async (step, run) => inSegment(await tracer, step, run),
    warn: (message, details) => logger.warn(message, { ...details }),
    count: (counter, by) => telemetry.count(counter, by),
  };
}

/** Runs a step, in a subsegment if this invocation is traced. */
async function inSegment<Result>(
  tracer: Tracer | undefined,
  step: Step,
  run: () => Promise<Result>,
): Promise<Result> {
  if (!tracer?.isTracingEnabled() || tracer.getRootXrayTraceId() === undefined) return run();
  return tracer.provider.captureAsyncFunc(step, async (segment) => {
    try {
      return await run();
    } catch (error) {
      segment?.addError(error instanceof Error ? error : String(error));
      throw error;
    } finally {
      segment?.close();
    }
  }) as Promise<Result>;
}
