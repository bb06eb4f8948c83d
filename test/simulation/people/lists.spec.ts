import { describe, expect, it } from '@jest/globals';
import type { Act } from '../plan.ts';
import { broken, carryOut, ended, type FakeCall } from './fake-world.fixture.ts';

const list: Act = { kind: 'list', atMs: 100, who: 'Ann', list: 'accounts', limit: 2 };

/** Five accounts, in pages. */
const pages = ({ event }: FakeCall) => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, content: { id: key } }));
  const later = all.filter(({ key }) => key > String(event['after'] ?? ''));
  const entries = later.slice(0, Number(event['limit']));
  return ended({ entries, ...(later.length > entries.length && { next: entries.at(-1)?.key }) });
};

describe('a reader of lists', () => {
  it('reads all pages, each again while no answer comes', async () => {
    let count = 0;
    const { lists, calls, startMs } = await carryOut([list], (call) => {
      count += 1;
      return count === 2 ? broken('killed') : pages(call);
    });
    expect(lists.map(({ entries }) => entries.map(({ key }) => key).join(''))).toEqual(['abcde']);
    expect(calls.map(({ event }) => event['after'])).toEqual([undefined, 'b', 'b', 'd']);
    expect(lists[0]).toMatchObject({
      ...{ list: 'accounts', limit: 2, isFinal: false, askedMs: startMs + 100 },
      lastAskedMs: startMs + (calls[3]?.atMs ?? 0),
    });
  });

  it('notes nothing if a page is never answered', async () => {
    const { lists, isDone } = await carryOut([list], ({ event }) =>
      event['after'] === undefined ? pages({ atMs: 0, name: 'api', event }) : broken('killed'),
    );
    expect([lists, isDone]).toEqual([[], true]);
  });

  it('reads every list once more in the end, if one was read', async () => {
    const { lists } = await carryOut([list], pages, { looks: true });
    expect(lists.filter(({ isFinal }) => isFinal).map((one) => one.list)).toEqual(
      expect.arrayContaining(['accounts', 'metrics-by-name', 'metrics-by-deadline', 'todo']),
    );
    const { calls } = await carryOut([{ kind: 'redrive', atMs: 1 }], () => ended({}), { looks: true });
    expect(calls.filter(({ name }) => name === 'api')).toEqual([]);
  });
});

describe('others who act meanwhile', () => {
  it('ask once, and accept a refusal', async () => {
    const interfere: Act = { kind: 'interfere', atMs: 1, readModel: 'ledger', action: 'discard' };
    const { calls, isDone } = await carryOut([interfere], () =>
      ended({ refused: 'No generation is being built.' }),
    );
    expect(calls.map(({ event }) => event)).toEqual([{ action: 'discard', readModel: 'ledger' }]);
    expect(isDone).toBe(true);
    const lost = await carryOut([interfere], () => broken('killed'));
    expect(lost.calls).toHaveLength(1);
  });

  it('sweep several times at the same time', async () => {
    const { calls } = await carryOut([{ kind: 'sweep', atMs: 5, runs: 3 }], () => ended(undefined));
    expect(calls.map(({ name, atMs }) => `${name} ${atMs}`)).toEqual(Array(3).fill('metrics-sweeper 5'));
  });
});
