import { NotSimulatedError } from '../definitions.ts';
import type { Tokens } from './tokens.ts';

/** An expression, parsed once for its text, and the placeholders in it. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  /** Such as `#version`. */
  readonly names: readonly string[];
  /** Such as `:version`. */
  readonly values: readonly string[];
}

/** Collects the placeholders while an expression is parsed. */
export class Placeholders {
  readonly names = new Set<string>();
  readonly values = new Set<string>();

  /** Takes the name of an attribute: a placeholder, because a word can be reserved. */
  name(tokens: Tokens): string {
    const token = tokens.take();
    if (!token.startsWith('#')) throw beyond(`"${token}" as the name of an attribute`, tokens);
    if (tokens.next === '.' || tokens.next === '[') throw beyond('nested attributes', tokens);
    this.names.add(token);
    return token;
  }

  value(tokens: Tokens): string {
    const token = tokens.take();
    if (!token.startsWith(':')) throw beyond(`"${token}" as a value`, tokens);
    this.values.add(token);
    return token;
  }
}

export function beyond(what: string, { text }: Tokens): NotSimulatedError {
  return new NotSimulatedError(`The simulation does not know ${what}, in the expression "${text}".`);
}

/** Parses each text once. */
export function parsedOnce<Tree>(
  tokensOf: (text: string) => Tokens,
  parse: (tokens: Tokens, placeholders: Placeholders) => Tree,
): (text: string) => Parsed<Tree> {
  const cache = new Map<string, Parsed<Tree>>();
  return (text) => {
    const known = cache.get(text);
    if (known) return known;
    const tokens = tokensOf(text);
    const placeholders = new Placeholders();
    const tree = parse(tokens, placeholders);
    tokens.expectEnd();
    const parsed = { tree, names: [...placeholders.names], values: [...placeholders.values] };
    cache.set(text, parsed);
    return parsed;
  };
}
