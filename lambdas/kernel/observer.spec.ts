import { describe, expect, it } from '@jest/globals';
import { EventSourcingError } from './errors.ts';
import { eventOf, failAll, nameOf, observerOf, silentObserver, untraced } from './observer.ts';

/** A step that notes what it is told. */
function noting() {
  const told: unknown[] = [];
  const step = {
    traceparent: undefined,
    event: (...event: unknown[]) => void told.push(event),
    fail: (reason: string) => void told.push(reason),
  };
  return { step, told };
}

describe('steps of several causes', () => {
  it('are told once, if causes share one', () => {
    const [one, other] = [noting(), noting()];
    const steps = [one.step, other.step, one.step];
    eventOf(steps, 'retry', { attempt: 2 });
    failAll(steps, new TypeError('of a person'));
    for (const { told } of [one, other]) expect(told).toEqual([['retry', { attempt: 2 }], 'TypeError']);
  });

  it('get the events of an observer, instead of the batch', () => {
    const [one, batch] = [noting(), noting()];
    const warnings: string[] = [];
    const observer = {
      ...silentObserver,
      event: batch.step.event,
      warn: (message: string) => void warnings.push(message),
    };
    const own = observerOf([one.step], observer);
    own.event('parked', { subject: 'ledger/a' });
    own.warn('parked', {});
    expect([one.told, batch.told, warnings]).toEqual([[['parked', { subject: 'ledger/a' }]], [], ['parked']]);
  });

  it('are one for each cause if nobody traces, and say nothing', async () => {
    const causes = [{ traceparent: 'any' }, {}];
    expect(untraced(causes)).toHaveLength(2);
    const result = await silentObserver.stepFor('project', causes, async (steps) =>
      steps.map(({ traceparent }) => traceparent),
    );
    expect(result).toEqual([undefined, undefined]);
  });
});

describe('the name of what was thrown', () => {
  const broken = Object.defineProperty(new Error('x'), 'code', {
    get: () => {
      throw new Error('y');
    },
  });

  it.each([
    [new RangeError('of a person'), 'RangeError'],
    [new EventSourcingError('log-changed', 'ledger/a', 'of a person'), 'log-changed'],
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [Object.assign(new Error('x'), { code: 7 }), 'Error'],
    ['of a person', 'string'],
    [undefined, 'undefined'],
    [broken, 'unknown'],
  ])('of %s is %s', (thrown, name) => {
    expect(nameOf(thrown)).toBe(name);
  });
});
