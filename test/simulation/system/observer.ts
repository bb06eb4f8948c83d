import { messageOf, type Observer } from '../../../lambdas/kernel/index.ts';
import type { Instance } from '../world/instance.ts';

/** The logger of an instance: the trace. */
export function observerOf({ name, world }: Instance): Observer {
  return {
    step: (_step, run) => run(),
    count: () => undefined,
    warn: (message, { error, stream }) =>
      world.trace.say(name, () => {
        const about = typeof stream === 'string' ? ` ${stream}` : '';
        return `warns:${about} ${message}${error === undefined ? '' : ` (${messageOf(error)})`}`;
      }),
  };
}
