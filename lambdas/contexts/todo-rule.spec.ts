import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineEvents, type EventOf } from '../kernel/index.ts';
import { loadTodoRules } from './load-todo-rules.ts';
import { defineTodoRules, distinctTodoRules, kindsOf, todoEventTypes } from './todo-rule.ts';

const events = defineEvents({
  'Parcel:Sent': { schema: z.object({ grams: z.number() }) },
  'Parcel:Delivered': { schema: z.object({}) },
});
type ParcelEvent = EventOf<typeof events>;

const rulesOf = (category: string, kind: string) =>
  defineTodoRules<ParcelEvent>({
    category,
    events,
    rules: [{ kind, doneBy: 'person', opened: ['Parcel:Sent'], closed: [] }],
  });

describe('the TODO rules of a context', () => {
  it('name only events of the context, with the data of each', () => {
    const rule = { kind: 'k', doneBy: 'person' } as const;
    const declared = { category: 'parcel', events };
    defineTodoRules<ParcelEvent>({
      ...declared,
      // @ts-expect-error no such event type
      rules: [{ ...rule, opened: ['Parcel:Snt'], closed: [] }],
    });
    defineTodoRules<ParcelEvent>({
      ...declared,
      // @ts-expect-error no such event type
      rules: [{ ...rule, opened: [{ type: 'Parcel:Sent', after: 'Parcel:Payed' }], closed: [] }],
    });
    defineTodoRules<ParcelEvent>({
      ...declared,
      rules: [
        // @ts-expect-error the event has no such field
        { ...rule, opened: [{ type: 'Parcel:Sent', where: ({ kilos }) => kilos > 1 }], closed: [] },
      ],
    });
    defineTodoRules<ParcelEvent>({
      ...declared,
      rules: [],
      // @ts-expect-error no such event type
      balance: { 'Parcel:Billed': () => 1 },
    });
    expect(true).toBe(true);
  });

  it.each(['Pack', 'pack it', '-pack', ''])('refuse the kind "%s"', (kind) => {
    expect(() => rulesOf('parcel', kind)).toThrow(
      `TODO rules of parcel: the kind "${kind}" is not lower-case letters and "-".`,
    );
  });

  it('share no kind with another context', () => {
    const [parcel, letter] = [rulesOf('parcel', 'pack'), rulesOf('letter', 'pack')];
    expect(() => distinctTodoRules([parcel, letter])).toThrow(
      'TODO kind "pack" is used by both parcel and letter.',
    );
    expect(distinctTodoRules([parcel])).toEqual([parcel]);
  });
});

describe('the TODO rules that the catalogue names', () => {
  it('are loaded, the newest context first', async () => {
    const rules = await loadTodoRules();
    const categories = rules.map(({ category }) => category);
    expect(categories.filter((category) => ['dispense', 'metrics', 'ledger'].includes(category))).toEqual([
      'dispense',
      'metrics',
      'ledger',
    ]);
    expect(kindsOf(rules)).toContainEqual({ category: 'ledger', kind: 'settle-overdraft' });
  });

  it('include the events that they name, but no recorded value of a metric', async () => {
    const types = todoEventTypes(await loadTodoRules());
    expect(types).toContain('Dispense:Started');
    expect(types).toContain('Ledger:TransferReceived');
    expect(types).toContain('Metric:TargetReached');
    expect(types).not.toContain('Metric:ValueRecorded');
  });
});
