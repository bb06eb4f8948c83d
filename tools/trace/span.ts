/** A value of an attribute as a reader sees it. Values of other kinds are absent. */
export type Value = string | number | boolean | readonly string[];

export type Attributes = Readonly<Record<string, Value>>;

/** Something that happened in a span. */
export interface SpanEvent {
  readonly name: string;
  /** Epoch ms, with fractions. */
  readonly atMs: number;
  readonly attributes: Attributes;
}

/** What a span is linked with, in another trace or the same. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** One span, as it was received. Nothing is certain of it: its parent may be missing, and its end may be before its start. */
export interface Span {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** Undefined: it has no parent. */
  readonly parentId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** The function, without the name of the system and the stage. */
  readonly service: string;
  /** Epoch ms, with fractions. */
  readonly startMs: number;
  /** Epoch ms, with fractions. Undefined: it has not ended. */
  readonly endMs: number | undefined;
  readonly isError: boolean;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}

/** The end of a span that is drawn: an unfinished one, and one that ends before it starts, has no length. */
export function shownEndMs({ startMs, endMs = startMs }: Span): number {
  return Math.max(startMs, endMs);
}
