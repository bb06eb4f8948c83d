import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { KeySchema } from '../keys.ts';
import { invalid } from '../service-errors.ts';
import type { Comparison, Condition } from './condition-parser.ts';
import type { Substitutions } from './substitutions.ts';

/** The keys that a query reads. */
export interface KeyRange {
  readonly partition: string;
  /** Negative: the sort key is before the range; 0: in it; positive: after it. */
  readonly side: (sort: string) => number;
}

/**
 * The range of a query. Throws if the condition does not name one partition, and at most one range of sort keys.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function keyRange(condition: Condition, schema: KeySchema, own: Substitutions): KeyRange {
  const parts = partsOf(condition);
  const ofPartition = parts.find((part) => nameOf(part, own) === schema.partitionKey);
  const ofSort = parts.find((part) => part !== ofPartition);
  if (ofPartition?.kind !== 'compare' || ofPartition.by !== '=') throw missed(schema.partitionKey);
  const partition = keyText(own.value(ofPartition.right), 'S', schema.partitionKey);
  if (ofSort === undefined) return { partition, side: () => 0 };
  if (schema.sortKey === undefined || nameOf(ofSort, own) !== schema.sortKey)
    throw missed(schema.sortKey ?? '');
  return { partition, side: sideOf(ofSort, schema, own) };
}

function partsOf(condition: Condition): readonly Condition[] {
  if (condition.kind !== 'and') return [condition];
  const parts = [...partsOf(condition.left), ...partsOf(condition.right)];
  if (parts.length > 2) throw invalid('Too many conditions in a KeyConditionExpression');
  return parts;
}

function nameOf(part: Condition, own: Substitutions): string | undefined {
  if (part.kind === 'compare' && isName(part.left) && !isName(part.right)) return own.name(part.left);
  if (part.kind === 'between' && isName(part.operand)) return own.name(part.operand);
  if (part.kind === 'begins_with') return own.name(part.name);
  throw invalid('Invalid operator used in KeyConditionExpression');
}

function isName(operand: string): boolean {
  return operand.startsWith('#');
}

function missed(name: string): Error {
  return invalid(`Query condition missed key schema element: ${name}`);
}

function sideOf(part: Condition, schema: KeySchema, own: Substitutions): KeyRange['side'] {
  const { compare, sortType, sortKey = '' } = schema;
  const textOf = (operand: string) => keyText(own.value(operand), sortType, sortKey);
  if (part.kind === 'between') {
    const [from, to] = [textOf(part.from), textOf(part.to)];
    return (sort) => (compare(sort, from) < 0 ? -1 : Math.max(0, compare(sort, to)));
  }
  if (part.kind === 'begins_with') {
    const prefix = textOf(part.prefix);
    return (sort) => (sort.startsWith(prefix) ? 0 : compare(sort, prefix));
  }
  if (part.kind !== 'compare') throw invalid('Invalid operator used in KeyConditionExpression');
  const value = textOf(part.right);
  return sideOfComparison(part.by, (sort) => compare(sort, value));
}

function sideOfComparison(by: Comparison, order: (sort: string) => number): KeyRange['side'] {
  switch (by) {
    case '=':
      return order;
    case '<':
      return (sort) => (order(sort) < 0 ? 0 : 1);
    case '<=':
      return (sort) => (order(sort) <= 0 ? 0 : 1);
    case '>':
      return (sort) => (order(sort) > 0 ? 0 : -1);
    case '>=':
      return (sort) => (order(sort) >= 0 ? 0 : -1);
    case '<>':
      throw invalid('Unsupported operator in KeyCondition: operator: <>');
  }
}

function keyText(value: AttributeValue, type: 'S' | 'N', name: string): string {
  const found = value[type];
  if (found === undefined) {
    throw invalid(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
  if (found !== '') return found;
  throw invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
  );
}
