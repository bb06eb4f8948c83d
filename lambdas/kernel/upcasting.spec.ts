import { describe, expect, it } from '@jest/globals';
import { isEventSourcingError } from './errors.ts';
import { currentSchemaVersion, type EventSchemas, upcast } from './upcasting.ts';

const schemas: EventSchemas = {
  'Test:Plain': [],
  'Test:Renamed': [
    (data) => ({ full: (data as { name: string }).name }),
    (data) => ({ ...data, length: (data as { full: string }).full.length }),
  ],
};

const stored = (type: string, schemaVersion: number, data: object) => ({
  id: 'e1',
  type,
  schemaVersion,
  data,
});

describe('upcasting', () => {
  it('lifts every older version to the current one, step by step', () => {
    const current = stored('Test:Renamed', 3, { full: 'Ada', length: 3 });
    expect(upcast(schemas, 's/1', stored('Test:Renamed', 1, { name: 'Ada' }))).toEqual(current);
    expect(upcast(schemas, 's/1', stored('Test:Renamed', 2, { full: 'Ada' }))).toEqual(current);
    expect(upcast(schemas, 's/1', current)).toBe(current);
  });

  it('writes new events with the current version', () => {
    expect(currentSchemaVersion(schemas, 'Test:Plain')).toBe(1);
    expect(currentSchemaVersion(schemas, 'Test:Renamed')).toBe(3);
  });

  it.each([
    ['an unknown type', stored('Test:Unknown', 1, {})],
    ['a name every object has', stored('constructor', 1, {})],
    ['a newer schema', stored('Test:Plain', 2, {})],
    ['schema version 0', stored('Test:Plain', 0, {})],
  ])('refuses %s rather than fold without it', (_name, event) => {
    let thrown: unknown;
    try {
      upcast(schemas, 's/1', event);
    } catch (error) {
      thrown = error;
    }
    expect(isEventSourcingError(thrown, 'unreadable-event')).toBe(true);
  });
});
