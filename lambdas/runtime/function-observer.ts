import type { Logger } from '@aws-lambda-powertools/logger';
import type { Observer } from '../kernel/index.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { InvocationTelemetry } from './invocation-telemetry.ts';

/**
 * The kernel's observer in a function: spans of its tracing, warnings as structured log lines, and telemetry. None of its own faults stops the work, because
 * a fault of a logger or a tracer says nothing about the events. `count` compiles only if `schema/telemetry.ts` has every counter of the kernel.
 */
export function functionObserver(
  logger: Logger,
  tracing: Pick<Tracing, 'step' | 'stepFor' | 'event' | 'traceparent'>,
  telemetry: InvocationTelemetry,
): Observer {
  return {
    step: (step, run, details) => tracing.step(step, run, details),
    stepFor: (step, causes, run) => tracing.stepFor(step, causes, run),
    event: (name, details) => tracing.event(name, details),
    traceparent: () => tracing.traceparent(),
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
