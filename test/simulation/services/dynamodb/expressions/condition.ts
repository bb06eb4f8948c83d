import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../definitions.ts';
import { invalid } from '../service-errors.ts';
import { areEqual, compareValues, typeOf } from '../values.ts';
import type { Comparison, Condition, Operand } from './condition-parser.ts';
import type { Substitutions } from './substitutions.ts';

const types = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'];

/** Throws if the values cannot be operands where they are, whatever the item is. */
export function requireOperands(condition: Condition, own: Substitutions): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      requireOperands(condition.left, own);
      requireOperands(condition.right, own);
      return;
    case 'not':
      requireOperands(condition.condition, own);
      return;
    case 'compare':
      if (condition.left === condition.right)
        throw invalid('The first operand must be distinct from the others');
      if (condition.by !== '=' && condition.by !== '<>') requireOrder([condition.left, condition.right], own);
      return;
    case 'between':
      requireOrder([condition.operand, condition.from, condition.to], own);
      requireBounds(condition, own);
      return;
    case 'begins_with':
      requireType(own.value(condition.prefix), ['S', 'B'], 'begins_with');
      return;
    case 'attribute_type': {
      const type = own.value(condition.type);
      requireType(type, ['S'], 'attribute_type');
      if (!types.includes(type.S ?? '')) throw invalid(`Invalid attribute type name found; type: ${type.S}`);
    }
  }
}

function requireOrder(operands: readonly Operand[], own: Substitutions): void {
  for (const operand of operands) {
    if (operand.startsWith(':')) requireType(own.value(operand), ['S', 'N', 'B'], 'comparison');
  }
}

function requireType(value: AttributeValue, allowed: readonly string[], by: string): void {
  const type = typeOf(value);
  if (allowed.includes(type)) return;
  throw invalid(
    `Incorrect operand type for operator or function; operator or function: ${by}, operand type: ${type}`,
  );
}

function requireBounds(
  { from, to }: { readonly from: Operand; readonly to: Operand },
  own: Substitutions,
): void {
  if (!from.startsWith(':') || !to.startsWith(':')) return;
  const order = compareValues(own.value(from), own.value(to));
  if (order !== undefined && order <= 0) return;
  throw invalid(
    'The BETWEEN operator requires bounds of one type, the upper one not lower than the lower one',
  );
}

/** True if the item fulfils the condition. */
export function isMet(condition: Condition, item: Item, own: Substitutions): boolean {
  switch (condition.kind) {
    case 'and':
      return isMet(condition.left, item, own) && isMet(condition.right, item, own);
    case 'or':
      return isMet(condition.left, item, own) || isMet(condition.right, item, own);
    case 'not':
      return !isMet(condition.condition, item, own);
    case 'compare': {
      const left = operandValue(condition.left, item, own);
      return compares(left, condition.by, operandValue(condition.right, item, own));
    }
    case 'between': {
      const value = operandValue(condition.operand, item, own);
      const [from, to] = [operandValue(condition.from, item, own), operandValue(condition.to, item, own)];
      return compares(value, '>=', from) && compares(value, '<=', to);
    }
    case 'begins_with':
      return beginsWith(item[own.name(condition.name)], own.value(condition.prefix));
    case 'attribute_type': {
      const value = item[own.name(condition.name)];
      return value !== undefined && typeOf(value) === own.value(condition.type).S;
    }
    case 'attribute_exists':
      return item[own.name(condition.name)] !== undefined;
    case 'attribute_not_exists':
      return item[own.name(condition.name)] === undefined;
  }
}

function operandValue(operand: Operand, item: Item, own: Substitutions): AttributeValue | undefined {
  return operand.startsWith(':') ? own.value(operand) : item[own.name(operand)];
}

/** A comparison with a value that does not exist is false, but it is unequal to any other. */
function compares(
  left: AttributeValue | undefined,
  by: Comparison,
  right: AttributeValue | undefined,
): boolean {
  if (left === undefined || right === undefined) return by === '<>';
  if (by === '=') return areEqual(left, right);
  if (by === '<>') return !areEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;
  return by === '>' ? order > 0 : order >= 0;
}

function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue): boolean {
  if (value?.S !== undefined) return prefix.S !== undefined && value.S.startsWith(prefix.S);
  if (value?.B === undefined || prefix.B === undefined) return false;
  return Buffer.compare(value.B.subarray(0, prefix.B.length), prefix.B) === 0;
}
