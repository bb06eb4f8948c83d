import { describe, expect, it } from '@jest/globals';
import { buildHoldMs, type RebuilderRequest, rebuilderName } from '../../../schema/projections.ts';
import { FakeRebuilder, fakeClock, fakeSession } from '../fake-rebuilder.fixture.ts';
import type { Clock } from '../session.ts';
import { Stopped } from '../stopped.ts';
import { rebuild } from './rebuild.ts';

const options = { segments: 4, concurrency: 2, switches: true, restored: false };

/** The steps that were asked for, without repetitions, status and holds. */
function steps({ requests }: FakeRebuilder): string[] {
  const asked = requests.map(({ action }) => action).filter((action) => !['status', 'hold'].includes(action));
  return asked.filter((action, index) => action !== asked[index - 1]);
}

describe('a rebuild', () => {
  it('goes through all steps, and reports the sums of all parts', async () => {
    const session = fakeSession();
    session.rebuilder.found = { differences: { balance: 2 }, parked: 0, caughtUp: 1 };
    const report = await rebuild(session, 'ledger', options);
    expect(steps(session.rebuilder)).toEqual(['begin', 'fold', 'follow', 'compare', 'finish', 'switch']);
    expect(report).toMatchObject({
      ...{
        readModel: 'ledger',
        generation: 'g2',
        before: 'g1',
        previous: 'g1',
        resumed: false,
        switched: true,
      },
      folded: { events: 120, streams: 12, rows: 12, lines: 120 },
      eventsOfThisRun: 120,
      compared: { rows: 12, differences: { balance: 8 }, caughtUp: 4, parked: 0 },
    });
    expect(session.rebuilder.statusOf('ledger')).toMatchObject({ active: 'g2', previous: 'g1' });
    expect(session.said).toContain('Waiting until all projectors write g2: 5 s.');
  });

  it('shows nothing of the fold any more while it waits', async () => {
    const session = fakeSession();
    session.rebuilder.settleMs = 60_000;
    const shown: string[] = [];
    const withProgress: typeof session.withProgress = (title, work) => work(() => shown.push(title));
    await rebuild({ ...session, withProgress }, 'ledger', options);
    const wait = shown.findIndex((title) => title.startsWith('Waiting'));
    expect(shown.slice(wait).filter((title) => title.includes('Folding'))).toEqual([]);
    expect(shown.at(-1)).toMatch('Comparing');
  });

  it('ends before the switch if it should, and a later one switches', async () => {
    const session = fakeSession();
    expect(await rebuild(session, 'ledger', { ...options, switches: false })).toMatchObject({
      switched: false,
    });
    expect(session.rebuilder.statusOf('ledger')).toMatchObject({
      active: 'g1',
      building: { phase: 'compared' },
    });
    const report = await rebuild(session, 'ledger', options);
    expect(report).toMatchObject({ generation: 'g2', resumed: true, switched: true, compared: { rows: 12 } });
    expect(report).not.toHaveProperty('folded');
  });

  it('does not switch to rows that cannot be folded to their end', async () => {
    const session = fakeSession();
    session.rebuilder.found = { differences: {}, parked: 1, caughtUp: 0 };
    expect(await rebuild(session, 'ledger', options)).toMatchObject({
      switched: false,
      compared: { parked: 4 },
    });
    expect(session.rebuilder.statusOf('ledger').active).toBe('g1');
  });

  it.each([1, 5, 9, 13, 20, 27, 30])(
    'killed at invocation %i, it is resumed and folds nothing twice',
    async (killedAt) => {
      const first = fakeSession();
      const { rebuilder, functions } = first;
      let invocations = 0;
      const dying: typeof functions = {
        invoke: async (name, request) => {
          invocations += 1;
          if (invocations > killedAt) throw new Error('killed');
          return functions.invoke(name, request);
        },
      };
      await expect(rebuild({ ...first, functions: dying }, 'ledger', options)).rejects.toThrow('killed');
      const report = await rebuild(first, 'ledger', { ...options, segments: 7 });
      expect(report.switched).toBe(true);
      const folds = rebuilder.requests.filter(({ action }) => action === 'fold');
      const segments = report.resumed ? 4 : 7;
      expect(folds).toHaveLength(segments * rebuilder.invocationsPerPart);
      if (report.resumed) {
        expect(first.said.join()).toMatch(
          /A rebuild of ledger into g2 began at 2026-11-01T.*Z\. It is resumed\./,
        );
      }
    },
  );

  it('is refused while another command works on it, and not once that has ended', async () => {
    const session = fakeSession();
    const { rebuilder } = session;
    rebuilder.answer({ action: 'begin', readModel: 'ledger', segments: 2 });
    const hold: RebuilderRequest = { action: 'hold', readModel: 'ledger', generation: 'g2', owner: 'other' };
    rebuilder.answer(hold);
    let isAlive = true;
    const clock: Clock = {
      ...session.clock,
      wait: async (ms) => {
        await session.clock.wait(ms);
        if (isAlive) rebuilder.answer(hold);
      },
    };
    await expect(rebuild({ ...session, clock }, 'ledger', options)).rejects.toMatchObject({
      name: 'Refused',
      message: 'Another command works on the rebuild of ledger into g2. Follow it with "status".',
    });
    isAlive = false;
    const startedAtMs = clock.nowMs();
    expect(await rebuild({ ...session, clock }, 'ledger', options)).toMatchObject({
      resumed: true,
      switched: true,
    });
    expect(clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(buildHoldMs);
  });

  it('ends when somebody gives the build up', async () => {
    const session = fakeSession();
    const { rebuilder, functions } = session;
    let folds = 0;
    const discarding: typeof functions = {
      invoke: async (name, request) => {
        if ('action' in request && request.action === 'fold') folds += 1;
        if (folds === 5) rebuilder.answer({ action: 'discard', readModel: 'ledger' });
        return functions.invoke(name, request);
      },
    };
    const rebuilding = rebuild({ ...session, functions: discarding }, 'ledger', options);
    await expect(rebuilding).rejects.toMatchObject({ name: 'Refused' });
    expect(rebuilder.statusOf('ledger')).toMatchObject({ active: 'g1', removing: [{ generation: 'g2' }] });
  });

  it('waits for a function whose clock is behind', async () => {
    const ahead = fakeClock();
    const session = fakeSession({}, ahead);
    const late = new FakeRebuilder(() => ahead.nowMs() - 30_000);
    const answers = { [rebuilderName]: (request: object) => late.answer(request as RebuilderRequest) };
    const functions = fakeSession(answers, ahead).functions;
    expect(await rebuild({ ...session, functions }, 'ledger', options)).toMatchObject({ switched: true });
  });

  it('refuses a control item whose times cannot be right', async () => {
    const session = fakeSession();
    session.rebuilder.settleMs = 10 * 3_600_000;
    await expect(rebuild(session, 'ledger', options)).rejects.toThrow(/that cannot be right.*control table/);
  });

  it('counts the events of this run only', async () => {
    const session = fakeSession();
    const { rebuilder } = session;
    rebuilder.answer({ action: 'begin', readModel: 'ledger', segments: 2 });
    for (const segment of [0, 0, 1]) {
      rebuilder.answer({ action: 'fold', readModel: 'ledger', generation: 'g2', segment });
    }
    const report = await rebuild(session, 'ledger', options);
    expect(report).toMatchObject({ folded: { events: 60 }, eventsOfThisRun: 30 });
  });

  it('asks as often as a part needs that moves', async () => {
    const session = fakeSession();
    session.rebuilder.invocationsPerPart = 1_100;
    const report = await rebuild(session, 'ledger', { ...options, segments: 1 });
    expect(report).toMatchObject({ switched: true, folded: { streams: 1_100 } });
  });

  it('gives up a part that never moves', async () => {
    const session = fakeSession();
    const { functions } = session;
    const stuck: typeof functions = {
      invoke: async (name, request) =>
        'action' in request && request.action === 'fold'
          ? JSON.parse(
              '{"done":false,"events":0,"streams":0,"rows":0,"lines":0,"caughtUp":0,"differences":{},"parked":0}',
            )
          : functions.invoke(name, request),
    };
    await expect(rebuild({ ...session, functions: stuck }, 'ledger', options)).rejects.toThrow(
      /^Part \d of g2 of ledger does not move: 1000 invocations changed nothing\.$/,
    );
  });

  it('stopped by a signal, says that the build stays', async () => {
    const session = fakeSession();
    const clock = { ...session.clock, wait: () => Promise.reject(new Stopped()) };
    await expect(rebuild({ ...session, clock }, 'ledger', options)).rejects.toThrow(
      /^Stopped\. What is built stays, .* The same command continues; .* npm run projections -- discard ledger$/,
    );
    const again = rebuild({ ...session, clock }, 'todo', { ...options, restored: true });
    await expect(again).rejects.toThrow(/The same command continues without --restored; /);
  });
});
