import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Item, NotSimulatedError } from './definitions.ts';
import { canonicalNumber, compareNumbers, compareTexts } from './order.ts';
import { invalid } from './service-errors.ts';

/** The types of values that the simulation knows. */
export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL';

/** An item as it is stored: frozen, with its size in bytes. */
export interface StoredItem {
  readonly item: Item;
  readonly bytes: number;
  /** Bytes cannot be frozen. Items with them are copied for each reader. */
  readonly hasBytes: boolean;
}

const nameBytes = new Map<string, number>();

/** A frozen copy of an item. Throws for a value that DynamoDB refuses, and for a type beyond the simulation. */
export function storedItem(input: Item): StoredItem {
  const item: Record<string, AttributeValue> = {};
  let bytes = 0;
  let hasBytes = false;
  for (const name in input) {
    const value = input[name];
    if (value === undefined) continue;
    const own = storedValue(value);
    if (own.B !== undefined) hasBytes = true;
    item[name] = own;
    bytes += sizeOfName(name) + sizeOf(own);
  }
  return { item: Object.freeze(item), bytes, hasBytes };
}

/** A frozen copy of a value, with a number in its canonical form. */
export function storedValue(value: AttributeValue): AttributeValue {
  if (value.S !== undefined) return Object.freeze({ S: textOf(value.S) });
  if (value.N !== undefined) return Object.freeze({ N: numberOf(value.N) });
  if (value.B !== undefined) return Object.freeze({ B: Uint8Array.from(value.B) });
  if (value.BOOL !== undefined) return Object.freeze({ BOOL: value.BOOL });
  if (value.NULL !== undefined) return Object.freeze({ NULL: true });
  const types = Object.keys(value);
  if (types.length > 0) throw new NotSimulatedError(`Values of type ${types[0]}`);
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

/** A value as operand of an expression: the value itself, with a number in its canonical form. */
export function operandOf(value: AttributeValue): AttributeValue {
  return typeof value.S === 'string' ? value : storedValue(value);
}

function textOf(value: string): string {
  if (typeof value === 'string') return value;
  throw invalid('STRING_VALUE must be a text');
}

function numberOf(value: string): string {
  const number = canonicalNumber(value);
  if (number !== undefined) return number;
  if (/^[+-]?\d*\.?\d+e[+-]?\d+$/i.test(value)) throw new NotSimulatedError('Numbers with an exponent');
  throw invalid('The parameter cannot be converted to a numeric value');
}

function sizeOfName(name: string): number {
  let bytes = nameBytes.get(name);
  if (bytes === undefined) {
    bytes = Buffer.byteLength(name);
    nameBytes.set(name, bytes);
  }
  return bytes;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.replace(/^0\.0*|[-.]/g, '').length / 2) + 1;
  return value.B?.length ?? 1;
}

/** What a reader gets: the stored item itself, which is frozen, or a copy if it has bytes. */
export function readable({ item, hasBytes }: StoredItem): Item {
  if (!hasBytes) return item;
  const copy: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    copy[name] = value.B === undefined ? value : { B: Uint8Array.from(value.B) };
  }
  return copy;
}

export function typeOf(value: AttributeValue): ValueType {
  if (value.S !== undefined) return 'S';
  if (value.N !== undefined) return 'N';
  if (value.B !== undefined) return 'B';
  return value.BOOL === undefined ? 'NULL' : 'BOOL';
}

/** Order of two values of one type. Undefined if they have no order: another type, or a type without order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if (a.S !== undefined) return b.S === undefined ? undefined : compareTexts(a.S, b.S);
  if (a.N !== undefined) return b.N === undefined ? undefined : compareNumbers(a.N, b.N);
  if (a.B !== undefined) return b.B === undefined ? undefined : Buffer.compare(a.B, b.B);
  return undefined;
}

export function areEqual(a: AttributeValue, b: AttributeValue): boolean {
  if (a.S !== undefined) return a.S === b.S;
  if (a.N !== undefined) return a.N === b.N;
  if (a.B !== undefined) return b.B !== undefined && Buffer.compare(a.B, b.B) === 0;
  if (a.BOOL !== undefined) return a.BOOL === b.BOOL;
  return b.NULL !== undefined;
}

/** True if both have the same attributes with the same values. */
export function areSameItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other] = [a[name], b[name]];
      return one !== undefined && other !== undefined && areEqual(one, other);
    })
  );
}
