import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../definitions.ts';
import { invalid } from '../service-errors.ts';
import { operandOf } from '../values.ts';
import type { Parsed } from './parsed.ts';

interface Placeholdings {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

const none: Readonly<Record<string, never>> = {};

/** What the placeholders of a call stand for. */
export class Substitutions {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Record<string, AttributeValue> = {};

  /** Throws if a placeholder of these expressions is not defined, or one that is defined is not used. */
  constructor(input: Placeholdings, expressions: readonly (Parsed<unknown> | undefined)[]) {
    const { ExpressionAttributeNames: names = none, ExpressionAttributeValues: values = none } = input;
    this.#names = names;
    for (const [key, value] of Object.entries(values)) this.#values[key] = operandOf(value);
    requireSome(input);
    requireSame(names, expressions, 'names');
    requireSame(this.#values, expressions, 'values');
  }

  name(placeholder: string): string {
    return this.#names[placeholder] ?? '';
  }

  value(placeholder: string): AttributeValue {
    const value = this.#values[placeholder];
    if (value === undefined) throw notDefined('values', placeholder);
    return value;
  }
}

function requireSome({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Placeholdings) {
  if (names && Object.keys(names).length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  if (values && Object.keys(values).length === 0)
    throw invalid('ExpressionAttributeValues must not be empty');
}

function requireSame(
  defined: Readonly<Record<string, unknown>>,
  expressions: readonly (Parsed<unknown> | undefined)[],
  kind: 'names' | 'values',
): void {
  const used = new Set<string>();
  for (const expression of expressions) {
    for (const placeholder of expression?.[kind] ?? []) {
      if (defined[placeholder] === undefined) throw notDefined(kind, placeholder);
      used.add(placeholder);
    }
  }
  for (const placeholder in defined) {
    if (used.has(placeholder)) continue;
    throw invalid(
      `Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${placeholder}}`,
    );
  }
}

function notDefined(kind: 'names' | 'values', placeholder: string): Error {
  const what = kind === 'names' ? 'attribute name' : 'attribute value';
  return invalid(`An expression ${what} used in the document path is not defined; ${what}: ${placeholder}`);
}
