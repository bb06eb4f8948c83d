import { faultless } from './faultless.ts';
import { noTracing, type Tracing } from './tracing.ts';

/**
 * Tracing by an adapter that is being loaded. The first invocation waits for it; what happens before is not traced. If it cannot be loaded, nothing is
 * traced, and `onFailure` is told why.
 */
export function lazyTracing(
  loading: Promise<Tracing | undefined>,
  onFailure: (error: unknown) => void,
): Tracing {
  let tracing = noTracing;
  const loaded = loading.then(
    (adapter) => {
      tracing = adapter ?? noTracing;
    },
    (error: unknown) => faultless(() => onFailure(error)),
  );
  return {
    invocation: async (invocation, run) => {
      await loaded;
      return tracing.invocation(invocation, run);
    },
    describe: (description) => tracing.describe(description),
    call: (call, run, resultOf) => tracing.call(call, run, resultOf),
    ids: () => tracing.ids(),
    step: (step, run, details) => tracing.step(step, run, details),
    stepFor: (step, causes, run) => tracing.stepFor(step, causes, run),
    event: (name, details) => tracing.event(name, details),
    traceparent: () => tracing.traceparent(),
  };
}
