import type { Logger } from '@aws-lambda-powertools/logger';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import { describe, expect, it } from '@jest/globals';
import type { InvocationTelemetry } from './invocation-telemetry.ts';
import { powertoolsObserver } from './powertools-observer.ts';

const broken = () => {
  throw new Error('broken');
};
type Segment = { addError: () => void; close: () => void };

function observing(captureAsyncFunc: (name: string, run: (segment: Segment) => Promise<void>) => unknown) {
  const tracer = {
    isTracingEnabled: () => true,
    getRootXrayTraceId: () => '1-2',
    provider: { captureAsyncFunc },
  } as unknown as Tracer;
  const logged: unknown[][] = [];
  const logger = {
    warn: (...line: unknown[]) => {
      if (line.length > 1) broken();
      logged.push(line);
    },
  } as unknown as Logger;
  const telemetry = { count: broken } as unknown as InvocationTelemetry;
  return { logged, observer: powertoolsObserver(logger, Promise.resolve(tracer), telemetry) };
}

const sound: Segment = { addError: () => undefined, close: () => undefined };

describe('faults of the observer itself', () => {
  it.each([
    ['throws before the step', broken],
    ['never starts the step', () => undefined],
    [
      'throws after the step',
      async (_: string, run: (segment: Segment) => Promise<void>) => run(sound).then(broken),
    ],
    [
      'cannot close the segment',
      (_: string, run: (segment: Segment) => Promise<void>) => run({ ...sound, close: broken }),
    ],
  ])('do not stop a step: the tracer %s', async (_name, capture) => {
    const { observer } = observing(capture);
    let runs = 0;
    const step = observer.step('project', async () => {
      runs += 1;
      return 'done';
    });
    expect(await step).toBe('done');
    expect(runs).toBe(1);
    const failing = observer.step('project', async () => {
      throw new Error('the step itself');
    });
    await expect(failing).rejects.toThrow('the step itself');
  });

  it('do not stop a warning or a count', () => {
    const { observer, logged } = observing(() => undefined);
    observer.warn('Odd.', { detail: 1 });
    observer.count('Parked');
    expect(logged).toEqual([['Odd.']]);
  });
});
