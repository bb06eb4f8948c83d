import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../definitions.ts';
import { invalid } from '../service-errors.ts';
import { parsedOnce } from './parsed.ts';
import type { Substitutions } from './substitutions.ts';
import { Tokens } from './tokens.ts';

/** Parses the names of a projection. */
export const parseProjection = parsedOnce(
  (text) => new Tokens(text),
  (tokens, own) => {
    const names = [own.name(tokens)];
    while (tokens.takeIf(',')) names.push(own.name(tokens));
    return names;
  },
);

/** The names that a projection keeps. Throws if one is there twice. */
export function projectedNames(placeholders: readonly string[], own: Substitutions): readonly string[] {
  const names = placeholders.map((placeholder) => own.name(placeholder));
  if (new Set(names).size === names.length) return names;
  throw invalid('Invalid ProjectionExpression: Two document paths overlap with each other');
}

/** These attributes of an item. */
export function projected(item: Item, names: readonly string[]): Item {
  const result: Record<string, AttributeValue> = {};
  for (const name of names) {
    const value = item[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}
