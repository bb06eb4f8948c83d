import { type Item, NotSimulatedError } from './definitions.ts';
import { isMet, requireOperands } from './expressions/condition.ts';
import { parseCondition } from './expressions/condition-parser.ts';
import { Substitutions } from './expressions/substitutions.ts';
import { parseUpdate, requireUpdate, updated } from './expressions/update.ts';
import type { KeyTexts } from './keys.ts';
import type { ConditionalRequest, KeyRequest, PutRequest, UpdateRequest } from './requests.ts';
import { conditionFailed, invalid } from './service-errors.ts';
import { requireSize, type Table } from './table.ts';
import { readable, type StoredItem, storedItem } from './values.ts';

/** A write that was checked as far as that needs no stored item. */
export interface PreparedWrite {
  readonly table: Table;
  readonly key: KeyTexts;
  readonly isMet: (before: StoredItem | undefined) => boolean;
  /** The item after the write. Undefined: there is none. Throws if the item would be refused. */
  readonly after: (before: StoredItem | undefined) => StoredItem | undefined;
  /** Whether a failed condition names the item. */
  readonly returnsFound: boolean;
}

const nothing: Item = Object.freeze({});

export function preparedPut(table: Table, request: PutRequest): PreparedWrite {
  const stored = checkedItem(table, required(request.Item, 'Item'));
  return {
    ...conditional(request, []),
    ...{ table, key: table.schema.of(stored.item), after: () => stored },
  };
}

export function preparedDelete(table: Table, request: KeyRequest): PreparedWrite {
  return { ...conditional(request, []), table, key: keyOf(table, request), after: () => undefined };
}

/** The condition of another write of a transaction. It changes nothing. */
export function preparedCheck(table: Table, request: KeyRequest): PreparedWrite {
  required(request.ConditionExpression, 'ConditionExpression');
  return { ...conditional(request, []), table, key: keyOf(table, request), after: (before) => before };
}

export function preparedUpdate(table: Table, request: UpdateRequest): PreparedWrite {
  const update = request.UpdateExpression === undefined ? undefined : parseUpdate(request.UpdateExpression);
  const key = keyOf(table, request);
  const { own, ...condition } = conditional(request, update ? [update] : []);
  if (update) requireUpdate(update.tree, own, (name) => table.schema.isKey(name));
  const after = (before: StoredItem | undefined) => {
    const item = before?.item ?? table.schema.toItem(key);
    return checkedItem(table, update ? updated(item, update.tree, own) : item);
  };
  return { ...condition, table, key, after };
}

/** Carries out a write. Throws if its condition is not met. */
export function write(
  prepared: PreparedWrite,
  { ReturnValues = 'NONE' }: ConditionalRequest,
  nowMs: number,
): object {
  const { table, key } = prepared;
  const before = table.find(key, Infinity);
  if (!prepared.isMet(before)) {
    throw conditionFailed(before && prepared.returnsFound ? readable(before) : undefined);
  }
  const after = prepared.after(before);
  table.change(key, after, nowMs);
  if (ReturnValues === 'NONE') return {};
  const returned = ReturnValues === 'ALL_OLD' ? before : after;
  return returned ? { Attributes: readable(returned) } : {};
}

/** `allowed`: values of `ReturnValues` besides `NONE`. */
export function requireReturnValues(
  { ReturnValues = 'NONE' }: ConditionalRequest,
  allowed: readonly string[],
): void {
  if (ReturnValues === 'NONE' || allowed.includes(ReturnValues)) return;
  if (ReturnValues.startsWith('UPDATED')) throw new NotSimulatedError(`ReturnValues ${ReturnValues}`);
  throw invalid('Return values set to invalid value');
}

function conditional(request: ConditionalRequest, others: Parameters<typeof substitutionsOf>[1]) {
  const { ConditionExpression: text, ReturnValuesOnConditionCheckFailure: onFailure } = request;
  const condition = text === undefined ? undefined : parseCondition(text);
  const own = substitutionsOf(request, condition ? [...others, condition] : others);
  if (condition) requireOperands(condition.tree, own);
  return {
    own,
    isMet: (before: StoredItem | undefined) =>
      condition === undefined || isMet(condition.tree, before?.item ?? nothing, own),
    returnsFound: onFailure === 'ALL_OLD',
  };
}

function substitutionsOf(
  request: ConditionalRequest,
  expressions: ConstructorParameters<typeof Substitutions>[1],
): Substitutions {
  return new Substitutions(request, expressions);
}

/** An item that the table accepts. */
export function checkedItem(table: Table, item: Item): StoredItem {
  const stored = storedItem(item);
  table.schema.of(stored.item);
  table.requireIndexKeys(stored.item);
  requireSize(stored);
  return stored;
}

function keyOf(table: Table, { Key }: KeyRequest): KeyTexts {
  return table.schema.ofExactly(required(Key, 'Key'));
}

export function required<Value>(value: Value | undefined, name: string): Value {
  if (value !== undefined) return value;
  throw invalid(`Value null at '${name}' failed to satisfy constraint: Member must not be null`);
}
