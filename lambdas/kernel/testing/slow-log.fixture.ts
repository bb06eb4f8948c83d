import type { Commit, StreamName } from '../commit.ts';
import { appendCutOffMs, appendMaxMs } from '../commit-clock.ts';
import type { AppendResult, EventLog, ReadRange } from '../event-log.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** An event log as one process sees it: calls take time, and some appends are cut off. */
export class SlowLog implements EventLog {
  readonly #store: EventLog;
  readonly #time: SimulatedTime;
  readonly #random: () => number;
  readonly #onCall: (sentMs: number) => void;

  /** `random`: seeded. `onCall`: called after each call that was answered, with the time at which it was sent. */
  constructor(
    store: EventLog,
    time: SimulatedTime,
    random: () => number,
    onCall: (sentMs: number) => void = () => undefined,
  ) {
    this.#store = store;
    this.#time = time;
    this.#random = random;
    this.#onCall = onCall;
  }

  async append(commits: readonly Commit[]): Promise<AppendResult> {
    if (this.#random() < 0.15) return this.#cutOff(commits);
    const sentMs = this.#time.nowMs;
    const longest = this.#random() < 0.2 ? appendCutOffMs - 50 : 300;
    await this.#time.delay(5 + this.#random() * (longest - 5));
    const result = await this.#store.append(commits);
    await this.#time.delay(this.#random() * 40);
    this.#onCall(sentMs);
    return result;
  }

  async *read(stream: StreamName, range?: ReadRange): AsyncIterable<readonly Commit[]> {
    const sentMs = this.#time.nowMs;
    await this.#roundTrip();
    const pages = await Array.fromAsync(this.#store.read(stream, range));
    await this.#roundTrip();
    this.#onCall(sentMs);
    yield* pages;
  }

  async readCommit(stream: StreamName, version: number): Promise<Commit | undefined> {
    await this.#roundTrip();
    return this.#store.readCommit(stream, version);
  }

  /** The request is carried out before the cut-off, most often after it, or never. The process may notice it later. */
  async #cutOff(commits: readonly Commit[]): Promise<AppendResult> {
    const fate = this.#random();
    const [from, to] = fate < 0.2 ? [0, appendCutOffMs] : [appendCutOffMs, appendMaxMs];
    if (fate < 0.9) {
      const carryOut = this.#time.delay(from + this.#random() * (to - from));
      carryOut.then(() => this.#store.append(commits));
    }
    await this.#time.delay(appendCutOffMs + this.#random() * (appendMaxMs - appendCutOffMs));
    return 'unknown';
  }

  /** Half a round trip; sometimes much longer. */
  #roundTrip(): Promise<void> {
    return this.#time.delay(this.#random() * (this.#random() < 0.05 ? 2_500 : 20));
  }
}
