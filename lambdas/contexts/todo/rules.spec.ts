import { describe, expect, it } from '@jest/globals';
import { eventDefinitions } from './events.fixture.ts';
import { balanceEffects, todoEventTypes, todoKinds, todoRules } from './rules.ts';

const schemasOf = (context: string) => eventDefinitions[context as keyof typeof eventDefinitions];

describe('the TODO rules', () => {
  it('name events that their contexts really have', () => {
    for (const { context, opened, closed } of todoRules) {
      for (const { type, condition } of [...opened, ...closed]) {
        expect(schemasOf(context)).toHaveProperty([type]);
        if (condition && 'after' in condition) expect(schemasOf(context)).toHaveProperty([condition.after]);
      }
    }
  });

  it('know every event that moves money', () => {
    const moving = Object.keys(eventDefinitions.ledger).filter((type) => !/:(Opened|Closed)$/.test(type));
    expect(Object.keys(balanceEffects).sort()).toEqual(moving.sort());
  });

  it('give each kind to one context', () => {
    const kinds = todoKinds.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.every((kind) => /^[a-z]+(-[a-z]+)*$/.test(kind))).toBe(true);
  });

  it('want to hear of the events that they name, and of no value of a metric', () => {
    expect(todoEventTypes).toContain('Dispense:Started');
    expect(todoEventTypes).toContain('Ledger:TransferReceived');
    expect(todoEventTypes).not.toContain('Metric:ValueRecorded');
  });
});
