import type { OtlpAttribute, OtlpValue } from '../traces/otlp-spans.ts';

/** Deeper values are left out. */
const depthMax = 8;

/** A JSON value as OTLP writes it. Null is an empty value. */
export function anyValue(value: unknown, depth = 0): OtlpValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value !== 'object' || value === null) return {};
  if (depth === depthMax) return { stringValue: '(too deep)' };
  if (!Array.isArray(value)) return { kvlistValue: { values: attributesOf(value, depth + 1) } };
  return { arrayValue: { values: value.map((each) => anyValue(each, depth + 1)) } };
}

/** The members of an object as attributes. */
export function attributesOf(fields: object, depth = 0): OtlpAttribute[] {
  return Object.entries(fields).map(([key, value]) => ({ key, value: anyValue(value, depth) }));
}
