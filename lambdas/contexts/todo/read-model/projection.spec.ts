import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineEvents, type EventOf } from '../../../kernel/index.ts';
import { defineTodoRules } from '../../todo-rule.ts';
import { type Happened, itemsAfter, todoItems } from '../../todo-rules.fixture.ts';
import { placeOf } from './item.ts';

const parcelEvents = defineEvents({
  'Parcel:Sent': { schema: z.object({}) },
  'Parcel:Weighed': {
    schema: z.object({ grams: z.number() }),
    upcasters: [{ from: 1, upcast: (data) => ({ grams: (data as { kilos: number }).kilos * 1_000 }) }],
  },
  'Parcel:Paid': { schema: z.object({ amount: z.number() }) },
  'Parcel:Billed': { schema: z.object({ amount: z.number() }) },
  'Parcel:Delivered': { schema: z.object({}) },
  'Parcel:Stored': { schema: z.object({}) },
  'Parcel:Released': { schema: z.object({}) },
});

const rules = defineTodoRules<EventOf<typeof parcelEvents>>({
  category: 'parcel',
  events: parcelEvents,
  balance: {
    'Parcel:Paid': ({ amount }) => amount,
    'Parcel:Billed': ({ amount }) => -amount,
  },
  rules: [
    { kind: 'deliver', doneBy: 'automation', opened: ['Parcel:Sent'], closed: ['Parcel:Delivered'] },
    {
      kind: 'carry-by-two',
      doneBy: 'person',
      opened: [{ type: 'Parcel:Weighed', where: ({ grams }) => grams > 20_000 }],
      closed: ['Parcel:Delivered'],
    },
    {
      kind: 'ask-for-money',
      doneBy: 'person',
      opened: [{ type: 'Parcel:Billed', balance: 'negative' }],
      closed: [{ type: 'Parcel:Paid', balance: 'not-negative' }],
    },
    {
      kind: 'apologize',
      doneBy: 'person',
      opened: [{ type: 'Parcel:Billed', after: 'Parcel:Delivered' }],
      closed: ['Parcel:Paid'],
    },
    {
      kind: 'offer-a-contract',
      doneBy: 'person',
      opened: [{ type: 'Parcel:Stored', after: 'Parcel:Stored' }],
      closed: [{ type: 'Parcel:Released', after: 'Parcel:Released' }],
    },
  ],
});

const sent: Happened = ['Parcel:Sent'];
const delivered: Happened = ['Parcel:Delivered'];
const stored: Happened = ['Parcel:Stored'];
const released: Happened = ['Parcel:Released'];
const billed = (amount: number): Happened => ['Parcel:Billed', { amount }];
const paid = (amount: number): Happened => ['Parcel:Paid', { amount }];

describe('items of a stream', () => {
  it.each<[string, Happened[], string[]]>([
    ['open by a type alone', [sent], ['deliver open']],
    ['close by a type alone', [sent, delivered], ['deliver closed']],
    ['are not closed before they are open', [delivered, sent], ['deliver open']],
    ['open once', [sent, sent], ['deliver open']],
    ['open again after they were closed', [sent, delivered, sent], ['deliver closed', 'deliver open']],
    ['ignore unknown events', [['Parcel:Lost', { grams: 1 }], sent], ['deliver open']],
    ['open by a negative balance', [paid(1), billed(1), billed(1)], ['ask-for-money open']],
    ['stay open while it is negative', [billed(2), paid(1)], ['ask-for-money open']],
    ['close where it no longer is', [billed(2), paid(1), paid(1)], ['ask-for-money closed']],
    ['open after an earlier event', [paid(9), delivered, billed(1)], ['apologize open']],
    ['do not open before it', [paid(9), billed(1), delivered], []],
    ['do not open by the first event after itself', [stored], []],
    ['open by the second event after the first', [stored, stored], ['offer-a-contract open']],
    ['do not close by the first event after itself', [stored, stored, released], ['offer-a-contract open']],
    [
      'close by the second event after the first',
      [stored, stored, released, released],
      ['offer-a-contract closed'],
    ],
  ])('%s', (_what, events, items) => {
    expect(itemsAfter(rules, ...events)).toEqual(items);
  });

  it('open by data, in its current shape', () => {
    expect(itemsAfter(rules, ['Parcel:Weighed', { kilos: 20 }])).toEqual([]);
    expect(itemsAfter(rules, ['Parcel:Weighed', { kilos: 21 }])).toEqual(['carry-by-two open']);
  });
});

describe('an item', () => {
  it('has its subject, and the times and events that opened and closed it', () => {
    const [item] = todoItems(rules, [sent, delivered]);
    expect(item).toEqual({
      id: 'parcel.a.1.deliver',
      kind: 'deliver',
      context: 'parcel',
      subject: 'parcel/a',
      doneBy: 'automation',
      status: 'closed',
      openedAt: '2026-01-02T03:04:00.000Z',
      openedBy: { eventId: 'event-1', type: 'Parcel:Sent', version: 1 },
      closedAt: '2026-01-02T03:04:01.000Z',
      closedBy: { eventId: 'event-2', type: 'Parcel:Delivered', version: 2 },
    });
  });

  it('is found by its id', () => {
    expect(placeOf('dispense.a-B_3.12.add-patient')).toEqual({
      subject: 'dispense/a-B_3',
      lineKey: '0000000000000012#add-patient',
    });
    for (const id of ['', 'dispense.a.1', 'dispense.a.0.add-patient', 'dispense.a.01.x', '.a.1.x', 'a.b.1.X'])
      expect(placeOf(id)).toBeUndefined();
  });
});
