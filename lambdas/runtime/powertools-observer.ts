import type { Logger } from '@aws-lambda-powertools/logger';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Observer, Step } from '../kernel/index.ts';
import type { InvocationTelemetry } from './invocation-telemetry.ts';

/**
 * The kernel's observer on Powertools: a trace segment per step, warnings as structured log lines, and telemetry. None of
 * its own faults stops the work, because a fault of a logger or a tracer says nothing about the events.
 * `count` compiles only if `schema/telemetry.ts` has every counter of the kernel.
 */
export function powertoolsObserver(
  logger: Logger,
  tracer: Promise<Tracer | undefined>,
  telemetry: InvocationTelemetry,
): Observer {
  return {
    step: async (step, run) => inSegment(await tracer, step, run),
    warn: (message, details) => {
      if (!quietly(() => logger.warn(message, { ...details }))) quietly(() => logger.warn(message));
    },
    count: (counter, by) => void quietly(() => telemetry.count(counter, by)),
  };
}

/** Reports something. False if that fails. */
export function quietly(report: () => void): boolean {
  try {
    report();
    return true;
  } catch {
    return false;
  }
}

/** Runs a step once, in a subsegment if this invocation is traced. */
async function inSegment<Result>(
  tracer: Tracer | undefined,
  step: Step,
  run: () => Promise<Result>,
): Promise<Result> {
  if (!tracer?.isTracingEnabled() || tracer.getRootXrayTraceId() === undefined) return run();
  let running: Promise<Result> | undefined;
  const runOnce = () => {
    running ??= run();
    return running;
  };
  try {
    await tracer.provider.captureAsyncFunc(step, async (segment) => {
      try {
        await runOnce();
      } catch (error) {
        segment?.addError(error instanceof Error ? error : String(error));
      } finally {
        segment?.close();
      }
    });
  } catch {
    // The tracer failed.
  }
  return runOnce();
}
