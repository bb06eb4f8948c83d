import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { placeOf } from './ciphertext.ts';
import type { StoredEvent } from './commit.ts';
import { type Envelope, isEnvelope, personal } from './envelope.ts';
import { defineEvents, readEvent } from './event-definitions.ts';
import { reveal } from './reveal.ts';
import { hasPersonalFields, sealPersonal } from './seal-personal.ts';
import { counterEvents } from './testing/counter.fixture.ts';
import { diaryEvents } from './testing/diary.fixture.ts';
import { fixedKey } from './testing/envelopes.fixture.ts';

const line = z.strictObject({ text: personal(z.string()), count: z.int() });
const events = defineEvents({
  'Test:Told': {
    schema: z.strictObject({
      name: personal(z.string()),
      whole: personal(z.strictObject({ a: z.string(), b: z.array(z.string()) })).optional(),
      days: personal(z.array(z.string())).optional(),
      pages: z.array(z.strictObject({ lines: z.array(line) })).optional(),
      mixed: z.array(z.union([personal(z.strictObject({ text: z.string() })), z.number()])).optional(),
      either: z.union([z.strictObject({ street: personal(z.string()).nullable() }), z.string()]).optional(),
      notes: z.record(z.string(), z.unknown()).optional(),
    }),
  },
  'Test:Counted': { schema: z.strictObject({ count: z.int() }) },
});

const seal = (data: object, type = 'Test:Told'): StoredEvent =>
  sealPersonal(events, [{ id: 'e1', type, schemaVersion: 1, data }], 's/1', fixedKey)[0] as StoredEvent;

/** The paths of the envelopes, as each names its own. */
function sealedPaths(value: unknown): readonly string[] {
  if (isEnvelope(value)) return [placeOf(value as Envelope)?.path ?? 'none'];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sealedPaths) : [];
}

describe('the personal values of an event', () => {
  it.each<[string, object, readonly string[]]>([
    ['a text', { name: 'Ada' }, ['name']],
    ['an empty text', { name: '' }, ['name']],
    ['a whole object', { name: 'Ada', whole: { a: 'x', b: ['y'] } }, ['name', 'whole']],
    ['a whole list', { name: 'Ada', days: ['x', 'y'] }, ['name', 'days']],
    ['an empty list', { name: 'Ada', days: [], pages: [] }, ['name', 'days']],
    [
      'fields of items of lists',
      {
        name: 'Ada',
        pages: [
          { lines: [] },
          {
            lines: [
              { text: 'x', count: 1 },
              { text: 'y', count: 2 },
            ],
          },
        ],
      },
      ['name', 'pages[1].lines[0].text', 'pages[1].lines[1].text'],
    ],
    [
      'every item that may be personal',
      { name: 'Ada', mixed: [7, { text: 'x' }] },
      ['name', 'mixed[0]', 'mixed[1]'],
    ],
    ['one form of a field', { name: 'Ada', either: { street: 'x' } }, ['name', 'either.street']],
    ['no field in its other form', { name: 'Ada', either: 'x' }, ['name']],
    ['no field without a value', { name: 'Ada', either: { street: null }, days: undefined }, ['name']],
    ['no other field', { name: 'Ada', notes: { name: 'x', days: ['x'] } }, ['name']],
  ])('are sealed: %s', (_what, data, paths) => {
    const before = structuredClone(data);
    const sealed = seal(data);
    expect(sealedPaths(sealed.data)).toEqual(paths);
    expect(data).toEqual(before);
    expect(readEvent(events, 's/1', sealed)).toBe(sealed);
    expect(reveal(sealed.data, 's/1', new Map([['s/1', fixedKey]]))).toEqual(data);
  });

  it('are none in an event without personal fields', () => {
    const data = { count: 1 };
    expect(seal(data, 'Test:Counted').data).toBe(data);
  });

  it('are all hidden, and shown again by the key, for any data', () => {
    const texts = fc.string({ minLength: 8 }).map((text) => `secret ${text}`);
    const data = fc.record(
      {
        text: texts,
        words: fc.integer(),
        tags: fc.array(texts),
        place: fc.record({ street: fc.option(texts), floor: fc.integer() }),
      },
      { requiredKeys: ['text', 'words'] },
    );
    fc.assert(
      fc.property(fc.array(data), (all) => {
        const plain = all.map((one, index) => ({
          id: `e${index}`,
          type: 'Diary:Noted',
          schemaVersion: 1,
          data: one,
        }));
        const sealed = sealPersonal(diaryEvents, plain, 'diary/a', fixedKey);
        expect(JSON.stringify(sealed)).not.toContain('secret');
        const keys = new Map([['diary/a', fixedKey]]);
        expect(sealed.map((event) => ({ ...event, data: reveal(event.data, 'diary/a', keys) }))).toEqual(
          plain,
        );
        for (const event of sealed) expect(readEvent(diaryEvents, 'diary/a', event)).toBe(event);
      }),
    );
  });

  it('must be in fields whose names have no signs of paths', () => {
    const odd = defineEvents({ 'Test:Odd': { schema: z.strictObject({ 'a.b': personal(z.string()) }) } });
    expect(() => hasPersonalFields(odd)).toThrow('"a.b"');
  });
});

it('a context has personal fields if one of its events has', () => {
  expect([hasPersonalFields(events), hasPersonalFields(counterEvents)]).toEqual([true, false]);
});
