import { describe, expect, it } from '@jest/globals';
import type { Commit } from './commit.ts';
import type { AppendResult } from './event-log.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { commitsOf, counterHandler, request } from './testing/counter-handler.fixture.ts';
import { seededRandom } from './testing/simulated-effects.ts';

/** Appends, but reports a conflict, as a store does whose response was lost and that sees the call again. */
class ForgetfulLog extends MemoryEventLog {
  isLost: (commits: readonly Commit[]) => boolean = () => false;

  override async append(commits: readonly Commit[]): Promise<AppendResult> {
    const result = await super.append(commits);
    return this.isLost(commits) ? 'conflict' : result;
  }
}

describe('a commit that the request itself had appended', () => {
  it('is not an earlier request’s, whatever the log reports', async () => {
    const log = new ForgetfulLog();
    log.isLost = () => true;
    const { add } = counterHandler({ log });
    expect(await add('a', 5, { commandId: 'once' })).toMatchObject({ outcome: 'committed', version: 1 });
    expect(await add('a', 5, { commandId: 'once' })).toMatchObject({ outcome: 'repeated', version: 1 });
    expect(await commitsOf(log, 'a')).toHaveLength(1);
  });

  it('is recognised on two streams', async () => {
    const log = new ForgetfulLog();
    const { add, handler } = counterHandler({ log });
    await add('from', 5);
    log.isLost = () => true;
    const move = () =>
      handler.handle(
        [
          { id: 'from', command: { type: 'Add', amount: -1 } },
          { id: 'to', command: { type: 'Add', amount: 1 } },
        ],
        request({ commandId: 'once' }),
      );
    expect(await move()).toMatchObject({ outcome: 'committed', version: 2, answer: { total: 4 } });
    expect(await move()).toMatchObject({ outcome: 'repeated', version: 2, answer: { total: 4 } });
  });

  it('is told from another request’s with the same key', async () => {
    const log = new ForgetfulLog();
    const [one, other] = [counterHandler({ log }), counterHandler({ log })];
    log.isLost = () => true;
    const results = await Promise.all([one, other].map(({ add }) => add('a', 5, { commandId: 'once' })));
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'repeated']);
  });
});

it.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'one request carries out each command and says so, in any order (seed %d)',
  async (seed) => {
    const random = seededRandom(seed);
    const log = new ForgetfulLog();
    log.isLost = () => random() < 0.3;
    const processes = [1, 2, 3].map(() => counterHandler({ log, snapshotThreshold: 3 }));
    const sent = Array.from({ length: 40 }, () => `key-${Math.floor(random() * 8)}`);
    const results = await Promise.all(
      sent.map(async (commandId) => {
        for (let turns = random() * 60; turns > 0; turns -= 1) await undefined;
        const process = processes[Math.floor(random() * 3)];
        return {
          commandId,
          outcome: (await process?.add('a', 1, { commandId, intent: commandId }))?.outcome,
        };
      }),
    );
    const committed = results.filter(({ outcome }) => outcome === 'committed');
    expect(committed.map(({ commandId }) => commandId).sort()).toEqual([...new Set(sent)].sort());
    expect(results.every(({ outcome }) => outcome === 'committed' || outcome === 'repeated')).toBe(true);
    expect(await commitsOf(log, 'a')).toHaveLength(new Set(sent).size);
  },
);
