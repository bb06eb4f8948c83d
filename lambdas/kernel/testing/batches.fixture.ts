import type { Commit } from '../commit.ts';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import { MemoryProgressBoard } from '../memory/memory-progress-board.ts';
import type { ShardProgress } from '../progress.ts';
import type { ReceivedCommit } from '../publishing.ts';
import { countingObserver } from './counting-observer.fixture.ts';

/** A progress board that also keeps every note, in the order of the notes. */
class RecordingProgressBoard extends MemoryProgressBoard {
  readonly noted: ShardProgress[] = [];

  override async note(consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    this.noted.push(...progress);
    await super.note(consumer, progress);
  }
}

/** What every batch handler needs: a parking lot, a progress board and an observer that counts. */
export function batchSources() {
  return {
    parkingLot: new MemoryParkingLot(),
    progress: new RecordingProgressBoard(),
    batchesPerShard: 1,
    ...countingObserver(),
  };
}

/** The simplest published form of a commit. */
export function encode({ events, ...commit }: Commit): string {
  return JSON.stringify({ ...commit, count: events.length, events });
}

/** Decodes what {@link encode} returns. Throws for other text. */
export function decode(text: string): ReceivedCommit {
  if (!text.startsWith('{"')) throw new Error('The text is not a commit.');
  return JSON.parse(text);
}
