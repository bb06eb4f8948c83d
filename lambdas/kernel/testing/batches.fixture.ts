import type { Commit } from '../commit.ts';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import type { ShardProgress } from '../progress.ts';
import type { ReceivedCommit } from '../publishing.ts';
import { countingObserver } from './counting-observer.fixture.ts';

class MemoryProgress {
  readonly noted: ShardProgress[] = [];
  async note(_consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    this.noted.push(...progress);
  }
  async read(): Promise<ShardProgress[]> {
    return this.noted;
  }
}

/** What every batch handler needs: a parking lot, a progress board and an observer that counts. */
export function batchSources() {
  return { parkingLot: new MemoryParkingLot(), progress: new MemoryProgress(), ...countingObserver() };
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
