import { messageOf, type Observer, silentObserver } from '../../../lambdas/kernel/index.ts';
import type { Instance } from '../world/instance.ts';

/** The logger of an instance: the trace. */
export function observerOf({ name, world }: Instance): Observer {
  return {
    ...silentObserver,
    warn: (message, { error, stream }) =>
      world.trace.say(name, () => {
        const about = typeof stream === 'string' ? ` ${stream}` : '';
        return `warns:${about} ${message}${error === undefined ? '' : ` (${messageOf(error)})`}`;
      }),
  };
}
