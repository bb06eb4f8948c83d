import { beyond, type Placeholders, parsedOnce } from './parsed.ts';
import { Tokens } from './tokens.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A placeholder of a name or of a value. */
export type Operand = string;

/** A condition, a filter or the condition of a key. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly left: Operand; readonly by: Comparison; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly from: Operand; readonly to: Operand }
  | { readonly kind: 'begins_with'; readonly name: string; readonly prefix: Operand }
  | { readonly kind: 'attribute_type'; readonly name: string; readonly type: Operand }
  | { readonly kind: 'attribute_exists' | 'attribute_not_exists'; readonly name: string };

const comparisons: readonly string[] = ['=', '<>', '<', '<=', '>', '>='] satisfies Comparison[];

/**
 * Parses a condition. Throws `NotSimulatedError` for what no adapter uses: `IN`, `contains`, `size`, nested attributes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export const parseCondition = parsedOnce((text) => new Tokens(text), either);

function either(tokens: Tokens, own: Placeholders): Condition {
  let left = both(tokens, own);
  while (tokens.takeIf('OR')) left = { kind: 'or', left, right: both(tokens, own) };
  return left;
}

function both(tokens: Tokens, own: Placeholders): Condition {
  let left = single(tokens, own);
  while (tokens.takeIf('AND')) left = { kind: 'and', left, right: single(tokens, own) };
  return left;
}

function single(tokens: Tokens, own: Placeholders): Condition {
  if (tokens.takeIf('NOT')) return { kind: 'not', condition: single(tokens, own) };
  if (tokens.takeIf('(')) {
    const inner = either(tokens, own);
    tokens.expect(')');
    return inner;
  }
  const { next = '' } = tokens;
  return /^[#:]/.test(next) ? comparison(tokens, own) : called(tokens, own);
}

function comparison(tokens: Tokens, own: Placeholders): Condition {
  const left = operand(tokens, own);
  if (tokens.takeIf('BETWEEN')) {
    const from = operand(tokens, own);
    tokens.expect('AND');
    return { kind: 'between', operand: left, from, to: operand(tokens, own) };
  }
  if (tokens.next?.toUpperCase() === 'IN') throw beyond('IN', tokens);
  if (!comparisons.includes(tokens.next ?? '')) throw tokens.unexpected();
  const by = tokens.take() as Comparison;
  return { kind: 'compare', left, by, right: operand(tokens, own) };
}

function operand(tokens: Tokens, own: Placeholders): Operand {
  return tokens.next?.startsWith('#') ? own.name(tokens) : own.value(tokens);
}

function called(tokens: Tokens, own: Placeholders): Condition {
  const name = tokens.take();
  if (!tokens.takeIf('(')) throw beyond(`"${name}" as the name of an attribute`, tokens);
  const condition = functionOf(name, tokens, own);
  tokens.expect(')');
  return condition;
}

function functionOf(kind: string, tokens: Tokens, own: Placeholders): Condition {
  switch (kind) {
    case 'attribute_exists':
    case 'attribute_not_exists':
      return { kind, name: own.name(tokens) };
    case 'begins_with': {
      const name = own.name(tokens);
      tokens.expect(',');
      return { kind, name, prefix: own.value(tokens) };
    }
    case 'attribute_type': {
      const name = own.name(tokens);
      tokens.expect(',');
      return { kind, name, type: own.value(tokens) };
    }
    default:
      throw beyond(`the function ${kind}`, tokens);
  }
}
