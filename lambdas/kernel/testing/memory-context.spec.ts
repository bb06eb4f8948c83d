import { describe, expect, it } from '@jest/globals';
import { defineContext } from '../context-definition.ts';
import { counter, counterEvents } from './counter.fixture.ts';
import { memoryContext } from './memory-context.ts';
import { tallyProjection } from './read-model.contract.ts';

const counterContext = defineContext({
  decider: counter,
  events: counterEvents,
  answer: ({ total }, now) => ({ total, now }),
  projection: tallyProjection,
});

describe('a context in memory', () => {
  it('handles commands, shows their events and projects them', async () => {
    const context = memoryContext(counterContext);
    await context.send('a', { type: 'Add', amount: 5 });
    await context.send('a', { type: 'Add', amount: 2 });
    await context.send('b', { type: 'Close' });
    expect(await context.eventsOf('a')).toEqual([
      ['Counter:Added', { amount: 5 }],
      ['Counter:Added', { amount: 2 }],
    ]);
    expect(await context.readModel.find('a')).toBeUndefined();
    await context.project('a', 'b');
    expect(await context.readModel.find('a')).toEqual({ version: 2, row: { id: 'a', total: 7 } });
    expect(await context.readModel.find('b')).toMatchObject({ version: 1 });
  });

  it('uses the time that a spec sets', async () => {
    const context = memoryContext(counterContext, { now: '2026-05-01T10:00:00.000Z' });
    const first = await context.send('a', { type: 'Add', amount: 1 });
    expect(first.answer).toEqual({ total: 1, now: '2026-05-01T10:00:00.000Z' });
    context.clock.now = '2026-05-01T10:00:01.000Z';
    const second = await context.send('a', { type: 'Add', amount: 1 });
    expect(second.answer).toEqual({ total: 2, now: '2026-05-01T10:00:01.000Z' });
  });

  it('throws for a rejected command and for a stream that cannot be projected', async () => {
    const context = memoryContext(counterContext);
    await expect(context.send('a', { type: 'Add', amount: -1 })).rejects.toThrow('counter/below-zero');
    const project = () => {
      throw new Error('odd');
    };
    const failing = memoryContext(
      defineContext({ ...counterContext, projection: { ...tallyProjection, project } }),
    );
    await failing.send('a', { type: 'Add', amount: 1 });
    await expect(failing.project('a')).rejects.toThrow('Not projected: counter/a');
    expect(await failing.parkingLot.list('tally', { limit: 9 })).toMatchObject([{ reason: 'odd' }]);
  });
});
