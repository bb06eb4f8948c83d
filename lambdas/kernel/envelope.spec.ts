import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Envelope, holdsEnvelope, personal } from './envelope.ts';
import { isEventSourcingError } from './errors.ts';
import { defineEvents, type EventOf, readEvent, requireValidEvents } from './event-definitions.ts';
import { fieldsOf } from './personal-fields.ts';
import { envelopeOf } from './testing/envelopes.fixture.ts';

const events = defineEvents({
  'Test:Told': {
    schema: z.strictObject({
      name: personal(z.string().meta({ description: 'A name.' })),
      days: personal(z.array(z.string())).optional(),
      lines: z.array(z.union([personal(z.strictObject({ text: z.string() })), z.number()])).optional(),
      place: z.strictObject({ street: personal(z.string()).nullable(), floor: z.int() }).optional(),
      notes: z.record(z.string(), z.unknown()).optional(),
    }),
  },
  'Test:Renamed': {
    schema: z.strictObject({ full: personal(z.string()) }),
    // The envelope of before names the place of before.
    upcasters: [{ from: 1, upcast: (data) => ({ full: (data as { name: string }).name }) }],
  },
});

/** An envelope of the event `e1`, at this path. */
const at = (path: string) => envelopeOf({ stream: 's/1', eventId: 'e1', path }, 'Jane');
const sealed: Envelope = at('name');

/** The event as read from the log, with this data. */
const read = (data: object, type = 'Test:Told', schemaVersion = 1) =>
  readEvent(events, 's/1', { id: 'e1', type, schemaVersion, data });

describe('the fields of a schema', () => {
  it('are marked where the schema of the field is', () => {
    expect(fieldsOf(events['Test:Told'].schema)).toEqual([
      { path: 'name', isPersonal: true },
      { path: 'days', isPersonal: true },
      { path: 'lines[]', isPersonal: true },
      { path: 'lines[]', isPersonal: false },
      { path: 'place.street', isPersonal: true },
      { path: 'place.floor', isPersonal: false },
      { path: 'notes', isPersonal: false },
    ]);
  });

  it.each([
    z.record(z.string(), personal(z.string())),
    z.tuple([z.int(), z.array(personal(z.string()))]),
    z.pipe(z.string(), personal(z.string()) as unknown as z.ZodString),
  ])('must not be marked where they have no name', (field) => {
    expect(() => fieldsOf(z.object({ field: field as z.ZodType }))).toThrow('A mark inside "field"');
    expect(fieldsOf(z.object({ field: personal(field as z.ZodType) }))).toEqual([
      { path: 'field', isPersonal: true },
    ]);
  });

  it('keep their other descriptions', () => {
    expect(events['Test:Told'].schema.shape.name.meta()).toEqual({ description: 'A name.', personal: true });
  });
});

describe('an envelope', () => {
  it.each<[string, object]>([
    ['a text', { name: sealed }],
    ['a list', { name: 'Ada', days: at('days') }],
    ['an item', { name: 'Ada', lines: [{ text: 'plain' }, at('lines[1]'), 7] }],
    ['a field of an object', { name: 'Ada', place: { street: at('place.street'), floor: 2 } }],
    [
      'every personal field',
      {
        name: sealed,
        days: at('days'),
        lines: [at('lines[0]')],
        place: { street: at('place.street'), floor: 2 },
      },
    ],
  ])('is read in the place of %s, unchanged', (_place, data) => {
    expect(read(data).data).toBe(data);
  });

  it('is moved by upcasters', () => {
    expect(read({ name: sealed }, 'Test:Renamed')).toMatchObject({
      data: { full: sealed },
      schemaVersion: 2,
    });
  });

  it.each<[string, object, string]>([
    [
      'in a field that is not personal',
      { name: 'Ada', place: { street: 'x', floor: at('place.floor') } },
      'in a place',
    ],
    ['in a field that the schema does not have', { name: 'Ada', more: at('more') }, 'in a place'],
    ['for a whole object', { name: 'Ada', place: at('place') }, 'in a place'],
    ['for a whole list of personal items', { name: 'Ada', lines: at('lines') }, 'in a place'],
    ['in an item of a personal list', { name: 'Ada', days: [at('days[0]')] }, 'in a place'],
    [
      'inside plain data of any shape',
      { name: 'Ada', notes: { a: [{ b: at('notes.a[0].b') }] } },
      'in a place',
    ],
    ['for the data itself', at(''), 'in a place'],
    [
      'of another event',
      { name: envelopeOf({ stream: 's/1', eventId: 'e2', path: 'name' }, 'Ada') },
      'of another',
    ],
    ['of another field', { name: at('days') }, 'of another'],
    ['of another item', { name: 'Ada', lines: [at('lines[1]'), at('lines[0]')] }, 'of another'],
    ['of an object inside', { name: 'Ada', place: { street: at('street'), floor: 2 } }, 'of another'],
    ['that is no ciphertext', { name: { ...sealed, enc: 'Y2lwaGVy' } }, 'malformed'],
    ['of another version', { name: { ...sealed, v: 2 } }, 'malformed'],
    ['without a version', { name: { enc: sealed.enc, key: 'k' } }, 'malformed'],
    ['without a key', { name: { enc: sealed.enc, v: 1 } }, 'malformed'],
    ['with a key that is no id', { name: { ...sealed, key: 'Jane Doe' } }, 'malformed'],
    ['without a ciphertext', { name: { ...sealed, enc: '' } }, 'malformed'],
    ['with padding', { name: { ...sealed, enc: `${sealed.enc}==` } }, 'malformed'],
    ['with base64', { name: { ...sealed, enc: `${sealed.enc}+/a` } }, 'malformed'],
    ['with bytes', { name: { ...sealed, enc: [1] } }, 'malformed'],
    ['with more', { name: { ...sealed, name: 'Ada' } }, 'malformed'],
  ])('%s is unreadable, and is not quoted', (_what, data, message) => {
    let thrown: unknown;
    try {
      read(data);
    } catch (error) {
      thrown = error;
    }
    expect(isEventSourcingError(thrown, 'unreadable-event')).toBe(true);
    expect(String(thrown)).toContain(message);
    expect(String(thrown)).not.toMatch(/Ada|Jane|Y2lwaGVy|e1|e2/);
  });

  it('does not match where plain data is misread as one', () => {
    const plain = { name: 'Ada', notes: { key: 'k', v: 1 } };
    expect(read(plain).data).toBe(plain);
  });

  it('is refused in a new event, in every place and under every schema', () => {
    const refusalOf = (data: object) => () => requireValidEvents(events, [{ type: 'Test:Told', data }]);
    expect(refusalOf({ name: 'Ada', notes: { key: 'k', v: 1 } })).not.toThrow();
    for (const data of [{ name: sealed }, { name: 'Ada', notes: { deep: [{ enc: 1 }] } }])
      expect(refusalOf(data)).toThrow('The data of a new "Test:Told" has an envelope or a field "enc".');
  });

  it('is found at every depth', () => {
    const stored = { a: sealed, b: [sealed, 'x', { c: sealed }], d: null, e: undefined, f: { enc: 1 } };
    expect(holdsEnvelope(stored)).toBe(true);
    expect(holdsEnvelope([[{ c: sealed }]])).toBe(true);
    expect(holdsEnvelope({ a: 'x', b: [{ key: 'k' }], c: null })).toBe(false);
  });
});

describe('the type of a marked field', () => {
  type Data = Extract<EventOf<typeof events>, { type: 'Test:Told' }>['data'];

  it('has the envelope', () => {
    const data: Data = { name: sealed, lines: [sealed, 1, { text: 'x' }], days: ['x'] };
    // @ts-expect-error: the name may be in its envelope
    const name: string = data.name;
    // @ts-expect-error: the floor is not personal
    const misplaced: Data = { name: 'Ada', place: { street: 'x', floor: sealed } };
    expect([name, misplaced.name]).toEqual([sealed, 'Ada']);
  });
});
