import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { describe, expect, it } from '@jest/globals';
import { fakeSession } from '../fake-rebuilder.fixture.ts';
import { Stopped } from '../stopped.ts';
import { rebuildDeployed } from './watch-rebuild.ts';

const input = { readModel: 'ledger', segments: 2, switch: true } as const;
const execution = (status: string, more: object = {}) =>
  ({ status, ...more }) as DescribeExecutionCommandOutput;

describe('watching the state machine', () => {
  const part = {
    done: true,
    events: 5,
    streams: 2,
    rows: 2,
    lines: 5,
    caughtUp: 0,
    differences: {},
    parked: 0,
  };
  /** A state machine that has switched to `g2` when it ends, with the output of the comparison. */
  const switching = (session: ReturnType<typeof fakeSession>, runningFor: number) => {
    let polls = 0;
    const building = {
      ...{ generation: 'g2', phase: 'compared', segments: 2, startedAt: '2026-11-01T00:00:00.000Z' },
      progress: [part, { ...part, differences: { name: 1 } }],
      folded: [part, part],
    };
    return {
      start: async () => 'arn',
      describe: async () => {
        polls += 1;
        if (polls <= runningFor) return execution('RUNNING');
        const ledger = session.rebuilder.models.get('ledger');
        Object.assign(ledger?.status ?? {}, { active: 'g2', previous: 'g1' });
        return execution('SUCCEEDED', { output: JSON.stringify({ ...input, status: { building } }) });
      },
    };
  };

  it.each([0, 3])(
    'ends with the state machine, and tells what it has built, after %d polls',
    async (polls) => {
      const session = fakeSession();
      expect(await rebuildDeployed(session, switching(session, polls), input)).toMatchObject({
        ...{ readModel: 'ledger', generation: 'g2', before: 'g1', previous: 'g1', switched: true },
        folded: { events: 10, streams: 4 },
        compared: { rows: 4, differences: { name: 1 } },
      });
    },
  );

  it.each([
    [{ error: 'Refused', cause: 'too early' }, 'Refused', /^too early$/],
    [
      { error: 'States.Timeout' },
      'UserError',
      /^The rebuild ended with FAILED: States.Timeout\. The same command resumes it\. arn$/,
    ],
  ])('says why the state machine ended: %j', async (why, name, message) => {
    const machine = { start: async () => 'arn', describe: async () => execution('FAILED', why) };
    await expect(rebuildDeployed(fakeSession(), machine, input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it('stopped by a signal, says that the rebuild goes on', async () => {
    const session = fakeSession();
    const clock = { ...session.clock, wait: () => Promise.reject(new Stopped()) };
    const machine = { start: async () => 'arn', describe: async () => execution('RUNNING') };
    await expect(rebuildDeployed({ ...session, clock }, machine, input)).rejects.toThrow(
      /^No longer watching\. The rebuild goes on\./,
    );
  });
});
