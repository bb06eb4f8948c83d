/** The parts of a `traceparent`. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const pattern = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent`. Undefined: it is malformed, and must be ignored. A later version than 00 may have more fields; they are ignored.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(text: unknown): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] =
    (typeof text === 'string' && pattern.exec(text)) || [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A `traceparent` as it is handed on, in version 00. Undefined: there is none, or it is malformed. */
export function validTraceparent(text: unknown): string | undefined {
  const context = parseTraceparent(text);
  return context && traceparentOf(context);
}

/** The `traceparent` of a context: version 00, with no flag but the one for sampling. */
export function traceparentOf({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
