import { describe, expect, it } from '@jest/globals';
import { commitAt } from '../kernel/testing/index.ts';
import {
  decodeCommit,
  encodeCommit,
  MalformedRecordError,
  notificationType,
  publishedMaxBytes,
  requirePublishable,
} from './published-commit.ts';
import { recordedListEvents, recordedLists } from './recorded-forms.fixture.ts';

const commit = commitAt('ledger/a', 4, 2, { actor: 'tester', causationId: 'cause' });

describe('the published form of a commit', () => {
  it('is an object with the category and CloudEvents 1.0 with the extensions that consumers need', () => {
    const { category, events, ...others } = JSON.parse(encodeCommit(commit));
    const [first, second] = events;
    expect({ category, others }).toEqual({ category: 'ledger', others: {} });
    expect(first).toEqual({
      specversion: '1.0',
      id: commit.events[0]?.id,
      source: '/streamfold/ledger',
      type: 'Test:Happened',
      subject: 'ledger/a',
      time: commit.committedAt,
      datacontenttype: 'application/json',
      data: commit.events[0]?.data,
      schemaversion: 1,
      streamversion: 4,
      commitversion: 4,
      commitcount: 2,
      commandid: commit.commandId,
      correlationid: commit.correlationId,
      causationid: 'cause',
      actor: 'tester',
    });
    expect(second.streamversion).toBe(5);
    for (const name of Object.keys(first)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
  });

  it('decodes to the commit', () => {
    expect(decodeCommit(encodeCommit(commit))).toEqual({
      stream: 'ledger/a',
      version: 4,
      count: 2,
      events: commit.events,
      committedAt: commit.committedAt,
      correlationId: commit.correlationId,
    });
  });

  const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('carries the trace context of the commit, or that of what sends it', () => {
    const traced = { ...commit, traceparent: valid };
    const sender = valid.replace('b7ad', '0001');
    const events = (json: string) => JSON.parse(json).events as { traceparent: string }[];
    expect(events(encodeCommit(traced)).map(({ traceparent }) => traceparent)).toEqual([valid, valid]);
    expect(decodeCommit(encodeCommit(traced)).traceparent).toBe(valid);
    const sent = encodeCommit(traced, publishedMaxBytes, sender);
    expect(events(sent).map(({ traceparent }) => traceparent)).toEqual([sender, sender]);
    // A notification too.
    expect(decodeCommit(encodeCommit(traced, 10, sender))).toMatchObject({ events: [], traceparent: sender });
    expect(decodeCommit(sent.replaceAll(sender, valid))).toEqual(decodeCommit(encodeCommit(traced)));
  });

  it.each([
    '',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    `${valid}-more`,
    42,
    null,
    { toString: 'no function' },
  ])('is no malformed record because of the trace context %j, which is ignored', (traceparent) => {
    const { category, events } = JSON.parse(encodeCommit(commit));
    const odd = { category, events: events.map((event: object) => ({ ...event, traceparent })) };
    expect(decodeCommit(JSON.stringify(odd))).toEqual(decodeCommit(encodeCommit(commit)));
  });

  it('hands on no more of a trace context of a later version than this one knows', () => {
    const later = { ...commit, traceparent: `cc${valid.slice(2)}-${'x'.repeat(1_000)}` };
    expect(decodeCommit(encodeCommit(later)).traceparent).toBe(valid);
  });

  it('names the tenant in the subject, and decodes to the stream of the tenant', () => {
    const own = commitAt('ledger/acme/a', 1, 1);
    const { category, events } = JSON.parse(encodeCommit(own));
    expect(category).toBe('ledger');
    expect(events[0]).toMatchObject({ source: '/streamfold/ledger', subject: 'ledger/acme/a' });
    expect(decodeCommit(encodeCommit(own))).toMatchObject({ stream: 'ledger/acme/a', version: 1 });
    expect(decodeCommit(encodeCommit({ ...own, events: [] }))).toMatchObject({ stream: 'ledger/acme/a' });
    expect(() => requirePublishable(own)).not.toThrow();
    const twoNames = commitAt('ledger/default/a', 1, 1);
    expect(() => requirePublishable(twoNames)).toThrow(MalformedRecordError);
    expect(() => decodeCommit(encodeCommit(twoNames))).toThrow(MalformedRecordError);
  });

  const texts = ['🚀', 'Größe', '東京', '\ud800', '\u0000\u007f\u2028', '\ufffe\uffff', '"\\u00e9" \\'];
  it.each(texts)('is ASCII for %j, and decodes to the same text', (text) => {
    const odd = { id: 'é', type: 'Test:ß', schemaVersion: 1, data: { [text]: [text] } };
    const published = encodeCommit({ ...commit, actor: text, events: [odd] });
    expect(published).toMatch(/^[\x20-\x7f]+$/);
    expect(decodeCommit(published).events).toEqual([odd]);
  });

  it('keeps to its maximum of bytes after escaping', () => {
    const sized = (text: string) => {
      const data = { text: text.repeat(200) };
      return encodeCommit({ ...commit, events: [{ id: 'e', type: 'T', schemaVersion: 1, data }] }, 1_500);
    };
    expect(decodeCommit(sized('ab')).events).toHaveLength(1);
    // 400 bytes of UTF-8 as well, but 1,200 of ASCII.
    expect(decodeCommit(sized('é')).events).toEqual([]);
  });

  it('is a notification without events for a commit that is too large', () => {
    const large = commitAt('ledger/a', 4, 3_000);
    const published = encodeCommit(large);
    expect(Buffer.byteLength(published)).toBeLessThan(publishedMaxBytes);
    expect(JSON.parse(published)).toMatchObject({
      category: 'ledger',
      events: [{ type: notificationType, commitcount: 3_000 }],
    });
    expect(decodeCommit(published)).toMatchObject({ version: 4, count: 3_000, events: [] });
  });

  it('is a notification of at least one event for a commit without readable events', () => {
    const unreadable = { ...commit, events: [] };
    expect(decodeCommit(encodeCommit(unreadable))).toMatchObject({ version: 4, count: 1, events: [] });
  });

  const { category, events } = JSON.parse(encodeCommit(commit));
  const [one, two] = events;
  const withEvents = (...changed: unknown[]) => JSON.stringify({ category, events: changed });

  it('may have fields that this version does not know', () => {
    const later = { form: 3, events: [{ ...one, later: {} }, two], category, other: [null] };
    expect(decodeCommit(JSON.stringify(later))).toEqual(decodeCommit(encodeCommit(commit)));
  });

  it.each([
    ['no JSON', '{'],
    ['an object without events', '{}'],
    ['null', 'null'],
    ['a number', '7'],
    ['an object of nothing', withEvents()],
    ['an object of null', withEvents(null)],
    ['an object of text', withEvents('a')],
    ['events that are no list', JSON.stringify({ category, events: { 0: one, 1: two, length: 2 } })],
    ['no category', JSON.stringify({ events })],
    ['the category of another stream', JSON.stringify({ category: 'metrics', events })],
    ['a category that is no text', JSON.stringify({ category: ['ledger'], events })],
    ['half a commit', withEvents(one)],
    ['its events in another order', withEvents(two, one)],
    ['events of two streams', withEvents(one, { ...two, subject: 'ledger/b' })],
    ['an event without data', withEvents(one, { ...two, data: undefined })],
    ['a version of 0', withEvents({ ...one, commitversion: 0, streamversion: 0, commitcount: 1 })],
    ['a subject that is no stream', withEvents({ ...one, subject: 'ledger', commitcount: 1 })],
    ['an empty list', '[]'],
    ['a list of nothing', '[null]'],
    ['a list of text', '["a"]'],
    ['a list of half a commit', JSON.stringify([one])],
  ])('refuses %s', (_name, json) => {
    expect(() => decodeCommit(json)).toThrow(MalformedRecordError);
  });
});

describe('the form before: a list of CloudEvents', () => {
  const recorded = {
    stream: 'metrics/4a1c5f0e-0d2b-4a6e-9a53-1f0c8e2b7d11',
    version: 3,
    count: 2,
    committedAt: '2026-11-20T08:09:10.111Z',
    correlationId: '0192f3a0-0000-7000-8000-000000000002',
  };
  it.each([
    ['of the event stream', recordedLists.stream, recordedListEvents],
    ['of a queue', recordedLists.queue, recordedListEvents],
    ['that is a notification', recordedLists.notification, []],
  ])('%s decodes', (_name, text, recordedEvents) => {
    expect(decodeCommit(text)).toEqual({ ...recorded, events: recordedEvents });
  });
});
