import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc, { type Arbitrary } from 'fast-check';

/** A part of an expression: its text, with the placeholders in it. */
export interface Part {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

const numbers = ['1', '2', '10', '-3', '2.5', '007', '100000000000000000000'];
export const text = (pool: readonly string[]) => fc.constantFrom(...pool).map((S): AttributeValue => ({ S }));
export const number = fc.constantFrom(...numbers).map((N): AttributeValue => ({ N }));
export const value: Arbitrary<AttributeValue> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: text(['', 'a', 'ab', 'line#1', 'S', 'N']) },
  fc.constantFrom<AttributeValue>(
    { BOOL: true },
    { BOOL: false },
    { NULL: true },
    { B: Uint8Array.of(1, 255) },
    { B: Uint8Array.of(1) },
  ),
);

export const nameOf = (pool: readonly string[]) => fc.constantFrom(...pool);
/** Placeholders by the names and values themselves, so that parts never disagree about them. */
export const named = (name: string): Part => ({
  text: `#${name}`,
  names: { [`#${name}`]: name },
  values: {},
});
export const valued = (of: AttributeValue): Part => {
  const placeholder = `:v${Buffer.from(JSON.stringify(of)).toString('hex')}`;
  return { text: placeholder, names: {}, values: { [placeholder]: of } };
};
export function joined(write: (...texts: string[]) => string, ...parts: readonly Part[]): Part {
  return {
    text: write(...parts.map((part) => part.text)),
    names: Object.assign({}, ...parts.map((part) => part.names)),
    values: Object.assign({}, ...parts.map((part) => part.values)),
  };
}

export const comparisons = ['=', '<>', '<', '<=', '>', '>='];
const ordered: Arbitrary<AttributeValue> = value.filter(({ BOOL, NULL }) => BOOL === undefined && !NULL);
const between = fc.constantFrom<readonly [AttributeValue, AttributeValue]>(
  [{ S: '' }, { S: 'ab' }],
  [{ S: 'a' }, { S: 'z' }],
  [{ N: '-3' }, { N: '2.5' }],
  [{ N: '2' }, { N: '100000000000000000000' }],
);

/**
 * A condition about these attributes. Its values are of types that have the operation: the engine of the tests accepts others too,
 * which DynamoDB refuses.
 */
export function condition(pool: readonly string[]): Arbitrary<Part> {
  const name = nameOf(pool).map(named);
  const single = fc.oneof(
    fc
      .tuple(name, fc.constantFrom(...comparisons), ordered.map(valued))
      .map(([left, by, right]) => joined((a, b) => `${a} ${by} ${b}`, left, right)),
    fc
      .tuple(name, fc.constantFrom('=', '<>'), value.map(valued))
      .map(([left, by, right]) => joined((a, b) => `${a} ${by} ${b}`, left, right)),
    fc
      .tuple(fc.uniqueArray(nameOf(pool), { minLength: 2, maxLength: 2 }), fc.constantFrom(...comparisons))
      .map(([pair, by]) => joined((a, b) => `${a} ${by} ${b}`, ...pair.map(named))),
    fc
      .tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), name)
      .map(([by, one]) => joined((a) => `${by}(${a})`, one)),
    fc
      .tuple(name, text(['', 'a', 'line', 'l']))
      .map(([one, prefix]) => joined((a, b) => `begins_with(${a}, ${b})`, one, valued(prefix))),
    fc
      .tuple(name, text(['S', 'N', 'B', 'BOOL', 'NULL', 'M']))
      .map(([one, type]) => joined((a, b) => `attribute_type(${a}, ${b})`, one, valued(type))),
    fc
      .tuple(name, between)
      .map(([one, bounds]) => joined((a, b, c) => `${a} BETWEEN ${b} AND ${c}`, one, ...bounds.map(valued))),
  );
  const { tree } = fc.letrec<{ tree: Part }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: single },
      fc.tuple(tie('tree'), tie('tree')).map((parts) => joined((a, b) => `(${a}) AND ${b}`, ...parts)),
      fc.tuple(tie('tree'), tie('tree')).map((parts) => joined((a, b) => `${a} OR ${b}`, ...parts)),
      tie('tree').map((part) => joined((a) => `NOT (${a})`, part)),
    ),
  }));
  return tree;
}

/** The members of an input with these expressions. Sometimes with a placeholder too many or one that is missing. */
export function withExpressions(expressions: Readonly<Record<string, Part | undefined>>, odd: number) {
  const parts = Object.values(expressions).filter((part) => part !== undefined);
  const names: Record<string, string> = Object.assign({}, ...parts.map((part) => part.names));
  const values: Record<string, AttributeValue> = Object.assign({}, ...parts.map((part) => part.values));
  if (odd === 1) names['#unused'] = 'unused';
  if (odd === 2) values[':unused'] = { S: 'unused' };
  if (odd === 3) delete values[Object.keys(values)[0] ?? ''];
  if (odd === 4) delete names[Object.keys(names)[0] ?? ''];
  return {
    ...Object.fromEntries(Object.entries(expressions).map(([name, part]) => [name, part?.text])),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}
