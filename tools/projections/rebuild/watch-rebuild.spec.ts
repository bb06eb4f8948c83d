import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { describe, expect, it } from '@jest/globals';
import { fakeSession } from '../fake-rebuilder.fixture.ts';
import { Stopped } from '../stopped.ts';
import { rebuild } from './rebuild.ts';
import { rebuildDeployed } from './watch-rebuild.ts';

const input = { readModel: 'ledger', segments: 2, switch: true } as const;
const execution = (status: string, more: object = {}) =>
  ({ status, ...more }) as DescribeExecutionCommandOutput;

describe('watching the state machine', () => {
  it('ends with the state machine, and tells what it has built', async () => {
    const session = fakeSession();
    session.rebuilder.found = { differences: { name: 1 }, parked: 0, caughtUp: 0 };
    let isOver = false;
    const machine = {
      start: async () => {
        void rebuild(session, 'ledger', { segments: 2, concurrency: 1, switches: true }).then(() => {
          isOver = true;
        });
        return 'arn';
      },
      describe: async () => execution(isOver ? 'SUCCEEDED' : 'RUNNING'),
    };
    expect(await rebuildDeployed(session, machine, input)).toMatchObject({
      ...{ readModel: 'ledger', generation: 'g2', before: 'g1', previous: 'g1', switched: true },
      seconds: expect.any(Number),
    });
  });

  it('says why the state machine ended', async () => {
    const machine = {
      start: async () => 'arn',
      describe: async () => execution('FAILED', { error: 'Refused', cause: 'too early' }),
    };
    await expect(rebuildDeployed(fakeSession(), machine, input)).rejects.toThrow(
      'The rebuild ended with FAILED: Refused: too early. The same command resumes it. arn',
    );
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
