import { describe, expect, it } from '@jest/globals';
import { fakeSession } from '../fake-rebuilder.fixture.ts';
import { Stopped } from '../stopped.ts';
import { rebuild } from './rebuild.ts';
import { remove } from './removal.ts';

const built = async () => {
  const session = fakeSession();
  await rebuild(session, 'ledger', { segments: 2, concurrency: 2, switches: true, restored: false });
  return session;
};

describe('drop and discard', () => {
  it('delete the generation after no projector can write it any more', async () => {
    const session = await built();
    const startedAtMs = session.clock.nowMs();
    const outcome = await remove(session, 'drop', 'ledger', 2);
    expect(outcome).toEqual({
      code: 0,
      lines: ['ledger: g1 is deleted: 14 rows, 140 lines.'],
      report: { readModel: 'ledger', removed: [{ generation: 'g1', rows: 14, lines: 140 }] },
    });
    expect(session.clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(session.rebuilder.settleMs);
    expect(session.rebuilder.statusOf('ledger')).toEqual({
      ...{ readModel: 'ledger', active: 'g2', removing: [], parked: 0 },
    });
  });

  it('continue what was stopped while it waited', async () => {
    const session = await built();
    const clock = { ...session.clock, wait: () => Promise.reject(new Stopped()) };
    await expect(remove({ ...session, clock }, 'drop', 'ledger', 2)).rejects.toThrow(
      'Stopped. The same command continues to delete.',
    );
    expect(session.rebuilder.statusOf('ledger').removing).toHaveLength(1);
    expect((await remove(session, 'drop', 'ledger', 2)).lines).toEqual([
      'ledger: g1 is deleted: 14 rows, 140 lines.',
    ]);
  });

  it('are refused if there is nothing to give up', async () => {
    for (const action of ['drop', 'discard'] as const) {
      await expect(remove(fakeSession(), action, 'ledger', 2)).rejects.toMatchObject({ name: 'Refused' });
    }
  });
});
