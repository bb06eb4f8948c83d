import type { Span } from './span.ts';

/** The start of all traces of specs. */
export const zeroMs = Date.UTC(2026, 10, 26, 12);

export const traceA = 'a'.repeat(32);
export const traceB = 'b'.repeat(32);

/** The id of a span by a number. */
export const spanId = (id: number) => id.toString(16).padStart(16, '0');

export interface SpanSketch extends Partial<Omit<Span, 'spanId' | 'parentId' | 'startMs' | 'endMs'>> {
  readonly id: number;
  readonly parent?: number;
  /** Start and end, in ms from {@link zeroMs}. */
  readonly at?: readonly [number, number?];
}

/** A span of trace A. */
export function sketchedSpan({ id, parent, at = [0, 1], ...rest }: SpanSketch): Span {
  const [start, end] = at;
  return {
    ...{ traceId: traceA, name: `step ${id}`, kind: 'internal', service: 'api', isError: false },
    ...{ attributes: {}, events: [], links: [] },
    ...rest,
    spanId: spanId(id),
    parentId: parent === undefined ? undefined : spanId(parent),
    startMs: zeroMs + start,
    endMs: end === undefined ? undefined : zeroMs + end,
  };
}
