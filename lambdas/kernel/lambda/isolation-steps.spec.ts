import { describe, expect, it } from '@jest/globals';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import { type StreamUpdate, updatesByStream } from '../stream-updates.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { recordingObserver, traceparentIn } from '../testing/recording-observer.fixture.ts';
import { projectIsolated } from './project-isolated.ts';

describe('a stream for which a projector throws', () => {
  it('fails, and is parked, in the trace of its commit', async () => {
    const { observer, take, counts } = recordingObserver();
    const project = async (batch: readonly StreamUpdate[]) => {
      if (batch.some(({ stream }) => stream === 'counter/b')) throw new TypeError('unforeseen');
      return { projected: batch.length, parked: [], failed: [] };
    };
    const updates = updatesByStream(
      ['a', 'b', 'c'].map((id) => ({
        ...commitAt(`counter/${id}` as 'counter/a', 1),
        traceparent: traceparentIn(id),
        count: 1,
      })),
    );
    const parking = { parkingLot: new MemoryParkingLot(), observer };
    const result = await projectIsolated({ name: 'tally', project }, updates, parking);
    expect(result).toEqual({ projected: 2, parked: ['counter/b'], failed: [] });
    expect(take()).toEqual([
      '1 project [{"stream":"counter/b","commits":["counter/b@1"],"consumer":"tally"}]',
      '1 fails: TypeError',
      '1 · parked {"consumer":"tally","subject":"counter/b","version":1}',
    ]);
    expect(counts).toEqual({ Parked: 1 });
  });
});
