import { describe, expect, it } from '@jest/globals';
import { rebuilderName } from '../../../schema/projections.ts';
import { fakeSession } from '../fake-rebuilder.fixture.ts';
import { forget } from './forget.ts';

describe('forgetting what a restored log may not have', () => {
  it('adds up what the answers count', async () => {
    const answers = [
      { snapshots: 2, segments: 1, cursor: 'a' },
      { snapshots: 1, segments: 0 },
    ];
    const session = fakeSession({ [rebuilderName]: () => answers.shift() ?? {} });
    expect(await forget(session, [])).toEqual({ snapshots: 3, segments: 1 });
  });

  it('is refused while a rebuild is unfinished, which has rows of lost commits', async () => {
    const session = fakeSession();
    session.rebuilder.answer({ action: 'begin', readModel: 'todo', segments: 1 });
    await expect(forget(session, ['ledger', 'todo'])).rejects.toMatchObject({
      name: 'Refused',
      message: expect.stringMatching(/^A rebuild of todo into g2 began at .* discard todo$/),
    });
    expect(session.rebuilder.requests.map(({ action }) => action)).not.toContain('forget');
  });
});
