import { ownAttributes, standardAttributes } from '../../../schema/tracing.ts';
import type { LogLine, LogRecord } from '../log-line.ts';
import type { OtlpAttribute, OtlpValue } from '../traces/otlp-spans.ts';
import { attributesOf } from './any-value.ts';

/** A log record as OTLP writes it in JSON: https://opentelemetry.io/docs/specs/otel/logs/data-model/. */
export interface OtlpLogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  /** Absent: the line has no level. */
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body: OtlpValue;
  readonly attributes: readonly OtlpAttribute[];
  readonly traceId?: string;
  readonly spanId?: string;
}

/**
 * A line that a function logged. Undefined: it is empty, or has metrics.
 * @param nowMs epoch ms
 */
export function logRecordOf(read: LogLine, nowMs: number): OtlpLogRecord | undefined {
  if (read.kind === 'metrics') return undefined;
  const observed = { observedTimeUnixNano: nanoseconds(nowMs) };
  if (read.kind === 'record')
    return { ...observed, timeUnixNano: nanoseconds(read.atMs ?? nowMs), ...contentOf(read) };
  if (read.text.trim() === '') return undefined;
  const body = { stringValue: read.text };
  return { ...observed, timeUnixNano: observed.observedTimeUnixNano, body, attributes: [] };
}

/** The time as OTLP writes it. @param epochMs whole; a time before 1970 counts as 1970 */
export function nanoseconds(epochMs: number): string {
  return epochMs > 0 ? `${epochMs}000000` : '0';
}

/** https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
const severities: Readonly<Record<string, number>> = {
  ...{ TRACE: 1, DEBUG: 5, INFO: 9 },
  ...{ WARN: 13, WARNING: 13, ERROR: 17, CRITICAL: 21, FATAL: 21 },
};

/** Log lines and spans name these alike, so that one search finds both. */
const names: Readonly<Record<string, string>> = {
  correlation_id: ownAttributes.correlationId,
  function_request_id: standardAttributes.faasInvocationId,
  cold_start: standardAttributes.faasColdStart,
};

function contentOf({ level, message, fields }: LogRecord) {
  const { trace_id: traceId, span_id: spanId, error, ...others } = fields;
  const named = Object.entries(others).map(([name, value]) => [names[name] ?? name, value]);
  const isInSpan = isId(traceId, 32) && isId(spanId, 16);
  const severityNumber = severities[level.toUpperCase()];
  return {
    ...(severityNumber !== undefined && { severityNumber }),
    severityText: level,
    body: { stringValue: message },
    attributes: attributesOf({ ...Object.fromEntries(named), ...exceptionOf(error) }),
    ...(isInSpan && { traceId, spanId }),
  };
}

/** An error has the names of the semantic conventions. What else it has stays as it is. */
function exceptionOf(error: unknown): object {
  if (error === undefined) return {};
  if (typeof error !== 'object' || error === null || !('stack' in error)) return { error };
  const { name, message, stack, location: _, ...others } = error as Readonly<Record<string, unknown>>;
  return {
    ...(name !== undefined && { 'exception.type': name }),
    ...(message !== undefined && { 'exception.message': message }),
    'exception.stacktrace': stack,
    ...(Object.keys(others).length > 0 && { error: others }),
  };
}

function isId(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[\da-f]+$/.test(value);
}
