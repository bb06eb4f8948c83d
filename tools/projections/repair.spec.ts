import { describe, expect, it } from '@jest/globals';
import type { RepairReport } from '../../schema/projections.ts';
import { fakeSession } from './fake-rebuilder.fixture.ts';
import type { Functions } from './functions.ts';
import { PassingFault } from './passing-fault.ts';
import { repair } from './repair.ts';
import { RepeatedFunctions } from './repeated-functions.ts';
import type { Clock } from './session.ts';
import { Stopped } from './stopped.ts';

/** A session in which the next repairs find that these fields differ. */
function damaged(...damage: string[][]) {
  const session = fakeSession();
  Object.assign(session.rebuilder, { damage, settleMs: 92_000 });
  return session;
}
const clean = { ...{ readModel: 'ledger', version: 4 }, generations: [{ fields: [] }, { fields: [] }] };
const found = { ...clean, generations: [{ fields: ['balance'], lines: 1 }, { fields: [] }] };

describe('repair', () => {
  it('ends at once if nothing differed', async () => {
    const session = damaged();
    const startedAtMs = session.clock.nowMs();
    const { code, lines, report } = await repair(session, 'ledger/a');
    expect({ code, lines }).toEqual({
      code: 0,
      lines: ['Folded 4 events of ledger/a, up to version 4.', 'Nothing differed.'],
    });
    expect(report).toMatchObject({ ...clean, repetitions: [], settled: true });
    expect(session.clock.nowMs()).toBe(startedAtMs);
  });

  it('says what it mended and why it waits, and repairs again when no projector has what differed', async () => {
    const session = damaged(['balance']);
    const startedAtMs = session.clock.nowMs();
    const { code, lines, report } = await repair(session, 'ledger/a');
    expect({ code, lines }).toEqual({
      code: 0,
      lines: ['Folded 4 events of ledger/a, up to version 4.', 'Repaired again: nothing differs any more.'],
    });
    expect(report).toMatchObject({ ...found, repetitions: [clean], settled: true });
    expect(session.said).toEqual([
      'Folded 4 events of ledger/a, up to version 4.',
      'MENDED ledger g1: balance, 1 lines',
      'A projector that had loaded the damaged row may still write from it, for 1 min 32 s at most. So this repairs again then.',
      'Ctrl-C ends the waiting only: what is mended stays, and the same command repairs again.',
      'Waiting until projectors that had loaded the row have ended: 1 min 32 s.',
      'Waiting until projectors that had loaded the row have ended',
    ]);
    expect(session.clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(92_000);
  });

  it('repairs again until nothing differs', async () => {
    const session = damaged(['balance'], ['balance'], ['balance']);
    const { code, report } = await repair(session, 'ledger/a');
    expect(code).toBe(0);
    expect(report).toMatchObject({ ...found, repetitions: [found, found, clean], settled: true });
  });

  it('gives up when the stream differs each time', async () => {
    const session = damaged(...Array.from({ length: 9 }, () => ['balance']));
    const { code, lines, report } = await repair(session, 'ledger/a');
    expect(code).toBe(1);
    expect(lines).toEqual([
      'Folded 4 events of ledger/a, up to version 4.',
      'MENDED ledger g1: balance, 1 lines',
      expect.stringMatching(/^ledger\/a differed again in each of 3 repetitions\./),
      expect.stringContaining('docs/runbook.md#row-differs'),
    ]);
    expect(report).toMatchObject({ settled: false, repetitions: [found, found, found] });
    expect(session.rebuilder.requests).toHaveLength(4);
  });

  it('waits as long as a projector may run if an older release does not say how long', async () => {
    const session = damaged(['balance']);
    const functions: Functions = {
      invoke: async <Answer>(name: string, request: object) => {
        const { settleMs: _settleMs, ...report } = await session.functions.invoke<RepairReport>(
          name,
          request,
        );
        return report as Answer;
      },
    };
    const startedAtMs = session.clock.nowMs();
    expect(await repair({ ...session, functions }, 'ledger/a')).toMatchObject({ code: 0 });
    expect(session.clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(60_000);
  });

  it('repairs again if the answer of a first attempt was lost', async () => {
    const session = damaged(['balance']);
    let isLost = false;
    const losing: Functions = {
      invoke: async <Answer>(name: string, request: object) => {
        const answer = await session.functions.invoke<Answer>(name, request);
        if (isLost) return answer;
        isLost = true;
        throw new PassingFault('The function has failed');
      },
    };
    const warn = () => undefined;
    const functions = new RepeatedFunctions({ functions: losing, clock: session.clock, warn });
    const { code, report } = await repair({ ...session, functions }, 'ledger/a');
    expect({ code, report }).toMatchObject({ code: 0, report: { ...clean, repetitions: [clean] } });
    expect(session.said).toContain(
      'Nothing differed. But the request was sent again, and the first one may have mended something.',
    );
  });

  it('that is sent again each time does not say that the stream differs each time', async () => {
    const session = damaged();
    const functions: Functions = {
      invoke: async <Answer>(name: string, request: object, onRepeat?: () => void) => {
        onRepeat?.();
        return session.functions.invoke<Answer>(name, request);
      },
    };
    const { code, lines, report } = await repair({ ...session, functions }, 'ledger/a');
    expect(code).toBe(1);
    expect(lines).toEqual([
      'Folded 4 events of ledger/a, up to version 4.',
      expect.stringMatching(/^ledger\/a differed, or a request was sent again, in each of 3 repetitions\./),
      'Repeat the command two minutes later.',
    ]);
    expect(report).toMatchObject({ settled: false, repetitions: [clean, clean, clean] });
  });

  it('stopped while it waits, says what was done and when to repeat it', async () => {
    const session = damaged(['balance']);
    const clock: Clock = { ...session.clock, wait: () => Promise.reject(new Stopped()) };
    const { code, lines, report } = await repair({ ...session, clock }, 'ledger/a');
    expect({ code, lines }).toEqual({
      code: 130,
      lines: [
        'Stopped. What was mended stays.',
        'A projector that had loaded the damaged row may still write from it until 2026-11-01T00:01:32.000Z. Repeat the command after that.',
      ],
    });
    const repeatAt = '2026-11-01T00:01:32.000Z';
    expect(report).toMatchObject({ ...found, repetitions: [], settled: false, repeatAt });
  });

  it('stopped while the function repairs again, counts the time from then on: it may replace more', async () => {
    const session = damaged(['balance']);
    let asked = 0;
    const functions: Functions = {
      invoke: async <Answer>(name: string, request: object) => {
        asked += 1;
        if (asked > 1) throw new Stopped();
        return session.functions.invoke<Answer>(name, request);
      },
    };
    const { code, report } = await repair({ ...session, functions }, 'ledger/a');
    expect(code).toBe(130);
    const repeatAt = new Date(session.clock.nowMs() + 92_000).toISOString();
    expect(report).toMatchObject({ ...found, repetitions: [], settled: false, repeatAt });
  });

  it('stopped before the answer, says that the function goes on', async () => {
    const functions: Functions = { invoke: () => Promise.reject(new Stopped()) };
    await expect(repair({ ...fakeSession(), functions }, 'ledger/a')).rejects.toThrow(
      /^Stopped\. The function still ends the repair\. Repeat the command, /,
    );
  });

  it('that fails says that something may be mended, and what to do', async () => {
    const functions: Functions = { invoke: () => Promise.reject(new PassingFault('The store is slow')) };
    await expect(repair({ ...fakeSession(), functions }, 'ledger/a')).rejects.toThrow(
      /^The store is slow\. A part of the stream may be mended\. Repeat the command, /,
    );
  });
});
