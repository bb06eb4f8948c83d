import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { isEventSourcingError } from './errors.ts';
import { currentSchemaVersion, defineEvents, readEvent, requireValidEvents } from './event-definitions.ts';

const events = defineEvents({
  'Test:Plain': { schema: z.strictObject({}) },
  'Test:Renamed': {
    schema: z.strictObject({ full: z.string(), length: z.number() }),
    upcasters: [
      { from: 1, upcast: (data) => ({ full: (data as { name: string }).name }) },
      { from: 2, upcast: (data) => ({ ...data, length: (data as { full: string }).full.length }) },
    ],
  },
});

const stored = (type: string, schemaVersion: number, data: object) => ({
  id: 'e1',
  type,
  schemaVersion,
  data,
});

describe('event definitions', () => {
  it('refuse upcasters that are missing or out of order', () => {
    const upcast = (data: object) => data;
    const withUpcasters = (...from: readonly number[]) =>
      defineEvents({
        'Test:X': { schema: z.strictObject({}), upcasters: from.map((each) => ({ from: each, upcast })) },
      });
    expect(() => withUpcasters(1, 2)).not.toThrow();
    const sentence =
      'Test:X: upcaster 1 of 2 is from version 2, not 1. List one upcaster for each older version, oldest first.';
    expect(() => withUpcasters(2, 1)).toThrow(sentence);
    expect(() => withUpcasters(1, 3)).toThrow('upcaster 2 of 2 is from version 3, not 2');
  });

  it('refuse downcasters that do not follow the current version, oldest first', () => {
    const same = (data: object) => data;
    const withDowncasters = (...from: readonly number[]) =>
      defineEvents({
        'Test:X': {
          schema: z.strictObject({}),
          upcasters: [{ from: 1, upcast: same }],
          downcasters: from.map((each) => ({ from: each, downcast: same })),
        },
      });
    expect(() => withDowncasters(3, 4)).not.toThrow();
    const sentence =
      'Test:X: downcaster 1 of 1 is from version 2, not 3. List one downcaster for each newer version, oldest first.';
    expect(() => withDowncasters(2)).toThrow(sentence);
  });

  it('refuse new events that do not match, without quoting their data', () => {
    expect(() => requireValidEvents(events, [{ type: 'Test:Plain', data: {} }])).not.toThrow();
    const wrong = { type: 'Test:Renamed', data: { full: 'Ada', length: 'secret' } };
    expect(() => requireValidEvents(events, [wrong])).toThrow(
      'The data of a new "Test:Renamed" does not match its schema at: length.',
    );
    expect(() => requireValidEvents(events, [{ type: 'Test:Plain', data: { more: 1 } }])).toThrow('(data)');
    expect(() => requireValidEvents(events, [{ type: 'Test:Unknown', data: {} }])).toThrow(
      'The event type "Test:Unknown" has no definition.',
    );
  });
});

describe('reading stored events', () => {
  it('converts every older version to the current one, step by step', () => {
    const current = stored('Test:Renamed', 3, { full: 'Ada', length: 3 });
    expect(readEvent(events, 's/1', stored('Test:Renamed', 1, { name: 'Ada' }))).toEqual(current);
    expect(readEvent(events, 's/1', stored('Test:Renamed', 2, { full: 'Ada' }))).toEqual(current);
    expect(readEvent(events, 's/1', current)).toBe(current);
  });

  it('writes new events with the current version', () => {
    expect(currentSchemaVersion(events, 'Test:Plain')).toBe(1);
    expect(currentSchemaVersion(events, 'Test:Renamed')).toBe(3);
  });

  it('converts newer versions that it has downcasters for, step by step, and writes the current one', () => {
    const reader = defineEvents({
      'Test:Renamed': {
        schema: z.strictObject({ name: z.string() }),
        downcasters: [
          { from: 2, downcast: (data) => ({ name: (data as { full: string }).full }) },
          { from: 3, downcast: (data) => ({ full: (data as { full: string }).full }) },
        ],
      },
    });
    const current = stored('Test:Renamed', 1, { name: 'Ada' });
    expect(readEvent(reader, 's/1', stored('Test:Renamed', 2, { full: 'Ada' }))).toEqual(current);
    expect(readEvent(reader, 's/1', stored('Test:Renamed', 3, { full: 'Ada', length: 3 }))).toEqual(current);
    expect(readEvent(reader, 's/1', current)).toBe(current);
    expect(currentSchemaVersion(reader, 'Test:Renamed')).toBe(1);
    for (const version of [4, 1.5, 2.5]) {
      expect(() => readEvent(reader, 's/1', stored('Test:Renamed', version, { full: 'Ada' }))).toThrow(
        `"Test:Renamed" has schema version ${version}; this code reads 1 to 3.`,
      );
    }
  });

  it.each([
    ['an unknown type', stored('Test:Unknown', 1, {})],
    ['a name every object has', stored('constructor', 1, {})],
    ['a newer schema', stored('Test:Plain', 2, {})],
    ['schema version 0', stored('Test:Plain', 0, {})],
  ])('refuses %s', (_name, event) => {
    let thrown: unknown;
    try {
      readEvent(events, 's/1', event);
    } catch (error) {
      thrown = error;
    }
    expect(isEventSourcingError(thrown, 'unreadable-event')).toBe(true);
  });
});
