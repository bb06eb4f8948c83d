import {
  forEachConcurrently,
  type KeyBounds,
  type KeyedLine,
  type LineRange,
  type LinesPage,
  lastKey,
} from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';

/** A series with up to this many values is read whole. */
export const wholeMaxValues = 50_000;
const pageValues = 5_000;
/** Of a span of time with more values, only the first ones are read. */
export const spanMaxValues = 16;
/** Maximum number of spans that are read in each round. A round divides the spans that have more values than were read. */
export const roundSpans = [64, 1_024, 1_024] as const;
const concurrency = 32;

type Lines = readonly KeyedLine<Measurement>[];
type ReadLines = (range: LineRange) => Promise<LinesPage<Measurement>>;
type Bounds = Pick<KeyBounds, 'from' | 'to'>;

/** Values in the order of measurement, each with its key. */
export interface Series {
  readonly lines: Lines;
  /** True if there are more values between these. */
  readonly isSampled: boolean;
}

/** A span of time, both ends included, in ms. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface KnownSpan extends Span {
  readonly lines: Lines;
  /** True if the span has more values. */
  readonly isOpen: boolean;
}

/**
 * Reads a series for a plot. Up to 50,000 values are all read. Of a longer series, samples are read, at most about 2,100
 * times up to 16 values, however long it is: the time from the first to the last value is divided into equal spans, and a span
 * that has more values than were read is divided again. The first and the last value are always included.
 */
export async function readSeries(read: ReadLines, bounds: Bounds): Promise<Series> {
  const start = await readStart(read, bounds);
  if (!start.isSampled) return start;
  const first = start.lines[0];
  const [last] = (await read({ ...bounds, order: 'descending', limit: 1 })).lines;
  if (first === undefined || last === undefined) return start;
  const whole = { fromMs: Date.parse(first.line.at), toMs: Date.parse(last.line.at) };
  let spans: readonly KnownSpan[] = [{ ...whole, lines: [first], isOpen: true }];
  for (const maxSpans of roundSpans) spans = await divideOpen(read, spans, maxSpans);
  const lines = spans.flatMap((span) => span.lines);
  return { lines: lines.at(-1)?.key === last.key ? lines : [...lines, last], isSampled: true };
}

/** Reads from the start, at least as many values as are read whole. `isSampled`: there are more. */
async function readStart(read: ReadLines, bounds: Bounds): Promise<Series> {
  const lines: KeyedLine<Measurement>[] = [];
  for (;;) {
    const page = await read({ ...bounds, after: lines.at(-1)?.key, order: 'ascending', limit: pageValues });
    lines.push(...page.lines);
    if (!page.hasMore || page.lines.length === 0) return { lines, isSampled: false };
    if (lines.length >= wholeMaxValues) return { lines, isSampled: true };
  }
}

/** Divides the open spans and reads the parts. Leaves them as they are if there are too many to divide. */
async function divideOpen(
  read: ReadLines,
  spans: readonly KnownSpan[],
  maxSpans: number,
): Promise<readonly KnownSpan[]> {
  const open = spans.filter(({ isOpen, fromMs, toMs }) => isOpen && fromMs < toMs);
  const partsOfEach = Math.floor(maxSpans / open.length);
  if (open.length === 0 || partsOfEach < 2) return spans;
  const parts = new Map(open.map((span) => [span, divide(span, partsOfEach)]));
  const known = new Map<Span, KnownSpan>();
  await forEachConcurrently([...parts.values()].flat(), concurrency, async (part) => {
    known.set(part, await readSpan(read, part));
  });
  return spans.flatMap((span) => parts.get(span)?.flatMap((part) => known.get(part) ?? []) ?? [span]);
}

/** Divides a span into this many parts, or into parts of 1 ms. */
function divide({ fromMs, toMs }: Span, parts: number): Span[] {
  const lengthMs = toMs - fromMs + 1;
  const count = Math.min(parts, lengthMs);
  const startMs = (index: number) => fromMs + Math.floor((index * lengthMs) / count);
  return Array.from({ length: count }, (_, index) => ({
    fromMs: startMs(index),
    toMs: startMs(index + 1) - 1,
  }));
}

async function readSpan(read: ReadLines, span: Span): Promise<KnownSpan> {
  const { lines, hasMore } = await read({
    from: instantOf(span.fromMs),
    to: instantOf(span.toMs) + lastKey,
    order: 'ascending',
    limit: spanMaxValues,
  });
  return { ...span, lines, isOpen: hasMore };
}

/** All keys of values of an instant begin with it. */
function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}
