import { ownAttributes } from '../../../schema/tracing.ts';
import { type OtlpSpan, readTraces, spansIn, type TracesPayload, textsOf } from './otlp-spans.ts';

export interface RingLimits {
  readonly spans: number;
  /** Of the bodies as they were received, and of what finds them. */
  readonly bytes: number;
}

export const usualRingLimits: RingLimits = { spans: 20_000, bytes: 32 * 1024 * 1024 };

/** What spans are found by. */
export type SpanKey = `trace ${string}` | `correlation ${string}` | `commit ${string}`;

/** The spans of one request. */
interface Batch {
  readonly number: number;
  /** JSON, which takes a fraction of the memory of its objects. */
  readonly body: Buffer;
  readonly spanCount: number;
  readonly sizeBytes: number;
  readonly keys: ReadonlySet<SpanKey>;
}

/** Memory that a batch, and one of its keys, take besides their text: measured. */
const overheadBytes = 500;

/** Keeps the newest spans in memory. The spans of one request come and go together. */
export class SpanRing {
  readonly #limits: RingLimits;
  /** Oldest first. */
  readonly #batches = new Set<Batch>();
  readonly #byKey = new Map<SpanKey, Set<Batch>>();
  #added = 0;
  #spanCount = 0;
  #sizeBytes = 0;

  constructor(limits = usualRingLimits) {
    this.#limits = limits;
  }

  get spanCount(): number {
    return this.#spanCount;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Number of keys that find something. */
  get keyCount(): number {
    return this.#byKey.size;
  }

  /**
   * Adds the spans of a request, and removes the oldest ones if there are too many then. Returns the number of spans that are not kept, because they alone
   * are too many.
   * @param body JSON of {@link TracesPayload}
   * @throws {MalformedBody} if it is not. Nothing has changed then.
   */
  add(body: Buffer): number {
    const spans = spansIn(readTraces(body));
    if (spans.length === 0) return 0;
    const keys = new Set(spans.flatMap(keysOf));
    const keysBytes = [...keys].reduce((sum, key) => sum + key.length + overheadBytes, 0);
    const sizeBytes = body.length + keysBytes + overheadBytes;
    if (spans.length > this.#limits.spans || sizeBytes > this.#limits.bytes) return spans.length;
    // A copy, because the memory of small buffers is shared with others.
    const copy = Buffer.allocUnsafeSlow(body.length);
    body.copy(copy);
    this.#added += 1;
    this.#put({ number: this.#added, body: copy, spanCount: spans.length, sizeBytes, keys });
    for (const oldest of this.#batches) {
      if (this.#spanCount <= this.#limits.spans && this.#sizeBytes <= this.#limits.bytes) break;
      this.#remove(oldest);
    }
    return 0;
  }

  /** What the requests had whose spans have one of these keys, or all requests. Oldest first. */
  payloads(keys?: Iterable<SpanKey>): TracesPayload[] {
    const found = keys === undefined ? this.#batches : new Set([...keys].flatMap((key) => this.#with(key)));
    return [...found]
      .sort((a, b) => a.number - b.number)
      .map(({ body }) => JSON.parse(body.toString('utf8')));
  }

  #with(key: SpanKey): Batch[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  #put(batch: Batch): void {
    this.#batches.add(batch);
    this.#spanCount += batch.spanCount;
    this.#sizeBytes += batch.sizeBytes;
    for (const key of batch.keys) {
      const others = this.#byKey.get(key);
      if (others === undefined) this.#byKey.set(key, new Set([batch]));
      else others.add(batch);
    }
  }

  #remove(batch: Batch): void {
    this.#batches.delete(batch);
    this.#spanCount -= batch.spanCount;
    this.#sizeBytes -= batch.sizeBytes;
    for (const key of batch.keys) {
      const others = this.#byKey.get(key);
      others?.delete(batch);
      if (others?.size === 0) this.#byKey.delete(key);
    }
  }
}

/** Its trace, the traces that it links to, and what it is about. */
export function keysOf(span: OtlpSpan): SpanKey[] {
  const { traceId, links = [] } = span;
  return [
    ...[traceId, ...links.map((link) => link.traceId)].map(traceKey),
    ...textsOf(span, ownAttributes.correlationId).map(correlationKey),
    ...textsOf(span, ownAttributes.commits).map(commitKey),
  ];
}

export const traceKey = (traceId: string): SpanKey => `trace ${traceId.toLowerCase()}`;
export const correlationKey = (id: string): SpanKey => `correlation ${id.toLowerCase()}`;
export const commitKey = (place: string): SpanKey => `commit ${place}`;
