import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../definitions.ts';
import { invalid } from '../service-errors.ts';
import { beyond, type Placeholders, parsedOnce } from './parsed.ts';
import type { Substitutions } from './substitutions.ts';
import { Tokens } from './tokens.ts';

/** What an update sets and removes, by placeholders. */
export interface Update {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly removed: readonly string[];
}

/** Parses an update. Throws `NotSimulatedError` for what no adapter uses: `ADD`, `DELETE`, functions and sums. */
export const parseUpdate = parsedOnce(
  (text) => new Tokens(text),
  (tokens, own): Update => {
    let set: Update['set'] | undefined;
    let removed: readonly string[] | undefined;
    while (tokens.next !== undefined) {
      if (set === undefined && tokens.takeIf('SET')) set = separated(tokens, () => assignment(tokens, own));
      else if (removed === undefined && tokens.takeIf('REMOVE'))
        removed = separated(tokens, () => own.name(tokens));
      else if (/^(ADD|DELETE)$/i.test(tokens.next)) throw beyond(tokens.next, tokens);
      else throw tokens.unexpected();
    }
    return { set: set ?? [], removed: removed ?? [] };
  },
);

function separated<Part>(tokens: Tokens, part: () => Part): Part[] {
  const parts = [part()];
  while (tokens.takeIf(',')) parts.push(part());
  return parts;
}

function assignment(tokens: Tokens, own: Placeholders) {
  const name = own.name(tokens);
  tokens.expect('=');
  const value = own.value(tokens);
  if (tokens.next === '+' || tokens.next === '-') throw beyond('sums', tokens);
  return { name, value };
}

/** Throws if an update names an attribute twice, or one of the key. */
export function requireUpdate(
  { set, removed }: Update,
  own: Substitutions,
  isKey: (name: string) => boolean,
): void {
  const named = new Set<string>();
  for (const placeholder of [...set.map(({ name }) => name), ...removed]) {
    const name = own.name(placeholder);
    if (named.has(name))
      throw invalid('Invalid UpdateExpression: Two document paths overlap with each other');
    if (isKey(name)) throw invalid(`Cannot update attribute ${name}. This attribute is part of the key`);
    named.add(name);
  }
}

/** The item after an update. */
export function updated(item: Item, update: Update, own: Substitutions): Item {
  const result: Record<string, AttributeValue> = { ...item };
  for (const { name, value } of update.set) result[own.name(name)] = own.value(value);
  for (const name of update.removed) delete result[own.name(name)];
  return result;
}
