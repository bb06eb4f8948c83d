import type { OtlpLogRecord } from './log-record.ts';

/** A record with the function that logged it. */
export interface SourcedRecord {
  readonly source: string;
  readonly record: OtlpLogRecord;
  /** Of the line. */
  readonly sizeBytes: number;
}

export interface QueueLimits {
  readonly records: number;
  readonly bytes: number;
}

const usualQueueLimits: QueueLimits = { records: 2_048, bytes: 8 * 1024 * 1024 };

/** Of one request. */
const batchMax = 512;

/** Records that wait for the receiver. When there are too many, the oldest are dropped and counted. */
export class LogQueue {
  readonly #limits: QueueLimits;
  #records: SourcedRecord[] = [];
  #sizeBytes = 0;
  #droppedCount = 0;

  constructor(limits = usualQueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#records.length;
  }

  /** Whether there is enough for a whole request. */
  get hasBatch(): boolean {
    return this.#records.length >= batchMax;
  }

  add(record: SourcedRecord): void {
    this.#records.push(record);
    this.#sizeBytes += record.sizeBytes;
    this.#drop();
  }

  /** The oldest records, for one request. */
  take(): readonly SourcedRecord[] {
    const taken = this.#records.splice(0, batchMax);
    this.#sizeBytes -= sizeOf(taken);
    return taken;
  }

  /** They were not received: they are taken again, before the others. */
  giveBack(records: readonly SourcedRecord[]): void {
    this.#records = [...records, ...this.#records];
    this.#sizeBytes += sizeOf(records);
    this.#drop();
  }

  /** Forgets all records, without counting them. */
  clear(): void {
    this.#records = [];
    this.#sizeBytes = 0;
  }

  /** Counts records that nobody will send. */
  drop(count: number): void {
    this.#droppedCount += count;
  }

  /** The number of records dropped since the last call. */
  takeDroppedCount(): number {
    const count = this.#droppedCount;
    this.#droppedCount = 0;
    return count;
  }

  #drop(): void {
    let count = 0;
    while (
      this.#records.length - count > this.#limits.records ||
      (this.#sizeBytes > this.#limits.bytes && count < this.#records.length)
    ) {
      this.#sizeBytes -= this.#records[count]?.sizeBytes ?? 0;
      count += 1;
    }
    this.#records.splice(0, count);
    this.#droppedCount += count;
  }
}

function sizeOf(records: readonly SourcedRecord[]): number {
  return records.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
