import type { CausedStep, Observer, StepDetails } from './observer.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** Projects a stream in a step of the trace of each commit that causes it, or in a step of its own if none does. */
export function projectStep<Result>(
  observer: Observer,
  { stream, causes = [] }: StreamUpdate,
  details: Pick<StepDetails, 'consumer' | 'generation'>,
  project: (steps: readonly CausedStep[]) => Promise<Result>,
): Promise<Result> {
  if (causes.length === 0) {
    const event: Observer['event'] = (...of) => observer.event(...of);
    const own = { traceparent: undefined, event, fail: () => undefined };
    return observer.step('project', () => project([own]), { stream, ...details });
  }
  const caused = causes.map((cause) => ({ ...cause, details: { ...cause.details, ...details } }));
  return observer.stepFor('project', caused, project);
}
