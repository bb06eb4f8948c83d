import { describe, expect, it } from '@jest/globals';
import { fakeSession } from './fake-rebuilder.fixture.ts';
import { redrive } from './redrive.ts';

type Request = { readonly after?: string };
const result = (more: object) => ({
  projected: 0,
  changed: 0,
  unchanged: 0,
  parked: [],
  failed: [],
  ...more,
});

describe('redrive', () => {
  it('continues after the last subject, and says what was changed', async () => {
    const session = fakeSession({
      'ledger-projector': ({ after }: Request) =>
        after === undefined
          ? result({ projected: 3, changed: 1, unchanged: 2, next: 'ledger/c' })
          : result({ projected: 1, changed: 1, after }),
    });
    expect(await redrive(session, ['ledger'])).toEqual({
      code: 0,
      lines: [
        'ledger: 4 streams are no longer parked.',
        '  2 of them had up-to-date rows: nothing was changed. If a row is wrong: npm run projections -- repair STREAM',
      ],
      report: {
        redriven: [{ consumer: 'ledger', released: 4, changed: 2, parked: 0, failed: 0, streams: [] }],
      },
    });
  });

  it('continues each context of the TODO model, and ends with 1 if something stays parked', async () => {
    const asked: (string | undefined)[] = [];
    const session = fakeSession({
      'todo-projector': ({ after }: Request) => {
        asked.push(after);
        if (after === 'ledger/m') return [result({ parked: ['ledger/x'] })];
        if (after !== undefined) return [result({ projected: 1 })];
        return [
          result({ next: 'metrics/m' }),
          result({ next: 'ledger/m' }),
          result({ failed: ['dispense/y'] }),
        ];
      },
    });
    const { code, lines } = await redrive(session, ['todo']);
    expect({ code, asked }).toEqual({ code: 1, asked: [undefined, 'ledger/m', 'metrics/m'] });
    expect(lines).toEqual(expect.arrayContaining(['PARKED ledger/x', 'PARKED dispense/y']));
  });

  it('continues all destinations of the publisher after the least subject', async () => {
    const asked: (string | undefined)[] = [];
    const session = fakeSession({
      publisher: ({ after }: Request) => {
        asked.push(after);
        const next = after === undefined ? ['ledger/b@1', 'ledger/a@1'] : [];
        return [0, 1].map((index) => ({
          ...{
            destination: 'd',
            published: 2,
            parked: 0,
            failed: 0,
            ...(next[index] && { next: next[index] }),
          },
        }));
      },
    });
    expect((await redrive(session, ['publisher'])).lines).toEqual([
      'publisher: 8 commits are no longer parked.',
    ]);
    expect(asked).toEqual([undefined, 'ledger/a@1']);
  });

  it('says that nothing is parked, and does not follow a subject that stays', async () => {
    const nothing = fakeSession({ 'ledger-projector': () => result({}) });
    expect((await redrive(nothing, ['ledger'])).lines).toEqual([
      'ledger: nothing is parked that a redrive can try.',
    ]);
    const stuck = fakeSession({ 'ledger-projector': () => result({ next: 'ledger/a' }) });
    await expect(redrive(stuck, ['ledger'])).rejects.toThrow('does not move');
  });
});
