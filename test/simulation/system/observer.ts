import {
  type Cause,
  type CausedStep,
  messageOf,
  type Observer,
  silentObserver,
  traceparentOf,
} from '../../../lambdas/kernel/index.ts';
import type { Instance } from '../world/instance.ts';

/**
 * The logger of an instance: the trace. Every second instance is traced, as while a deployment switches it on:
 * its commits and messages have contexts of their own.
 */
export function observerOf({ name, number, world }: Instance): Observer {
  return {
    ...silentObserver,
    ...(number % 2 === 1 && contexts(name)),
    warn: (message, { error, stream }) =>
      world.trace.say(name, () => {
        const about = typeof stream === 'string' ? ` ${stream}` : '';
        return `warns:${about} ${message}${error === undefined ? '' : ` (${messageOf(error)})`}`;
      }),
  };
}

/** A new context for each step. No two instances have the same. */
function contexts(name: string): Pick<Observer, 'traceparent' | 'stepFor'> {
  const traceId = Buffer.from(name).toString('hex').padEnd(32, '1').slice(-32);
  let steps = 0;
  const traceparent = () => {
    steps += 1;
    return traceparentOf({ traceId, spanId: steps.toString(16).padStart(16, '0'), sampled: true });
  };
  const caused = (_cause: Cause): CausedStep => ({
    traceparent: traceparent(),
    event: () => undefined,
    fail: () => undefined,
  });
  return { traceparent, stepFor: (_step, causes, run) => run(causes.map(caused)) };
}
