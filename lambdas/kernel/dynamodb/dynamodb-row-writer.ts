import type { FoldedLine, VersionedRow } from '../fold.ts';
import { isOutage } from '../outage.ts';
import type { RefusedRow, RowWriter } from '../rebuild/row-writer.ts';
import { type BatchTarget, batchPut, type Item, writeMaxItems } from './dynamodb-batches.ts';
import { putNewer } from './put-newer.ts';
import type { ReadModelItems, ReadModelKeys } from './read-model-items.ts';
import { whileBusy } from './while-busy.ts';

/**
 * Writes that are under way at the same time. Each is a batch of lines, a line that changes, or a row. With more of them readers wait
 * too long on a laptop, where all requests queue in one engine.
 */
const maxConcurrentWrites = 8;

/** Items that wait for a write. More than the writes can take at once, so that none of them idles. */
const maxWaiting = 2_000;

/** What a row writer on DynamoDB needs. */
export interface DynamoDBRowWriterOptions<Row, Line> {
  readonly target: BatchTarget;
  readonly keys: ReadModelKeys;
  readonly items: Pick<ReadModelItems<Row, Line>, 'row' | 'line' | 'entry' | 'hasChangingLines'>;
}

/** The lines of one row that are not stored yet, and the row that waits for them. */
interface PendingRow {
  open: number;
  put?: () => void;
}

interface Line {
  readonly id: string;
  readonly item: Item;
  readonly version: number;
}

/**
 * Writes many rows on DynamoDB. Lines of all rows share batches. Needs `dynamodb:PutItem`, and `BatchWriteItem` if lines never
 * change.
 */
export class DynamoDBRowWriter<Row, LineData> implements RowWriter<Row, LineData> {
  readonly #target: BatchTarget;
  readonly #items: DynamoDBRowWriterOptions<Row, LineData>['items'];
  readonly #keys: ReadModelKeys;
  readonly #pending = new Map<string, PendingRow>();
  /** Lines that are in no batch yet, by their keys: a batch must not have two of one key. */
  #batch = new Map<string, Line>();
  /** Writes that wait for their turn. */
  readonly #queue: (() => Promise<void>)[] = [];
  #running = 0;
  #waiting = 0;
  #refused = new Map<string, RefusedRow>();
  #failure: { readonly thrown: unknown } | undefined;
  #wake: (() => void)[] = [];

  constructor({ target, items, keys }: DynamoDBRowWriterOptions<Row, LineData>) {
    this.#target = target;
    this.#items = items;
    this.#keys = keys;
  }

  async lines(id: string, lines: readonly FoldedLine<LineData>[]): Promise<void> {
    for (const line of lines) {
      const item = this.#items.line(id, line);
      this.#pendingOf(id).open += 1;
      this.#waiting += 1;
      const entry = { id, item, version: line.version };
      if (this.#items.hasChangingLines) this.#schedule(() => this.#putLine(entry));
      else this.#addToBatch(entry);
      if (this.#waiting > maxWaiting) await this.#room();
    }
    this.#throwFailure();
  }

  async row(id: string, row: VersionedRow<Row>): Promise<void> {
    this.#waiting += 1;
    const put = () => this.#schedule(() => this.#putRow(id, row));
    const pending = this.#pending.get(id);
    if (pending === undefined) {
      put();
    } else {
      // A newer row replaces one that still waits.
      if (pending.put) this.#waiting -= 1;
      pending.put = put;
    }
    if (this.#waiting > maxWaiting) await this.#room();
    this.#throwFailure();
  }

  async drain(): Promise<ReadonlyMap<string, RefusedRow>> {
    this.#sendBatch();
    await this.#until(() => this.#waiting === 0);
    this.#throwFailure();
    const refused = this.#refused;
    this.#refused = new Map();
    return refused;
  }

  /** Waits until half of what waits is stored. */
  async #room(): Promise<void> {
    // A row may wait for lines that are in no batch yet.
    this.#sendBatch();
    await this.#until(() => this.#waiting <= maxWaiting / 2);
  }

  async #until(isMet: () => boolean): Promise<void> {
    while (!isMet() && this.#failure === undefined) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #pendingOf(id: string): PendingRow {
    const known = this.#pending.get(id);
    if (known) return known;
    const pending = { open: 0 };
    this.#pending.set(id, pending);
    return pending;
  }

  #addToBatch(line: Line): void {
    const key = this.#keys.asText(line.item);
    if (this.#batch.has(key)) this.#sendBatch();
    this.#batch.set(key, line);
    if (this.#batch.size === writeMaxItems) this.#sendBatch();
  }

  #sendBatch(): void {
    if (this.#batch.size === 0) return;
    const lines = [...this.#batch.values()];
    this.#batch = new Map();
    this.#schedule(() => this.#putBatch(lines));
  }

  #schedule(write: () => Promise<void>): void {
    this.#queue.push(write);
    this.#startWrites();
  }

  #startWrites(): void {
    while (this.#running < maxConcurrentWrites && this.#failure === undefined) {
      const write = this.#queue.shift();
      if (write === undefined) return;
      this.#running += 1;
      write()
        .catch((thrown: unknown) => {
          this.#failure ??= { thrown };
        })
        .finally(() => {
          this.#running -= 1;
          this.#startWrites();
          for (const wake of this.#wake.splice(0)) wake();
        });
    }
  }

  async #putBatch(lines: readonly Line[]): Promise<void> {
    const items = lines.map(({ item }) => item);
    try {
      await whileBusy(() => batchPut(this.#target, items), this.#target.effects);
    } catch (error) {
      if (isOutage(error)) throw error;
      // One item is refused. The others must still be stored.
      for (const { id, item, version } of lines) {
        await this.#orRefuse(id, version, () => batchPut(this.#target, [item]));
      }
    }
    for (const { id } of lines) this.#lineStored(id);
  }

  async #putLine({ id, item, version }: Line): Promise<void> {
    await this.#orRefuse(id, version, () => putNewer(this.#target, item));
    this.#lineStored(id);
  }

  async #putRow(id: string, row: VersionedRow<Row>): Promise<void> {
    if (!this.#refused.has(id)) {
      await this.#orRefuse(id, row.version, async () => {
        const entry = this.#items.entry(id, row);
        if (entry !== undefined) await putNewer(this.#target, entry);
        await putNewer(this.#target, this.#items.row(id, row));
      });
    }
    this.#waiting -= 1;
  }

  /** Runs a write. If the store refuses it for good, the row is refused. Throws in an outage. */
  async #orRefuse(id: string, version: number, write: () => Promise<void>): Promise<void> {
    try {
      await whileBusy(write, this.#target.effects);
    } catch (thrown) {
      if (isOutage(thrown)) throw thrown;
      this.#refused.set(id, { version, thrown });
    }
  }

  #lineStored(id: string): void {
    this.#waiting -= 1;
    const pending = this.#pendingOf(id);
    pending.open -= 1;
    if (pending.open > 0) return;
    this.#pending.delete(id);
    pending.put?.();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.thrown;
  }
}
