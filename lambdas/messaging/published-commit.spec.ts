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

const commit = commitAt('ledger/a', 4, 2, { actor: 'tester', causationId: 'cause' });

describe('the published form of a commit', () => {
  it('is a list of CloudEvents 1.0 with the extensions that consumers need', () => {
    const [first, second] = JSON.parse(encodeCommit(commit));
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

  it('names the tenant in the subject, and decodes to the stream of the tenant', () => {
    const own = commitAt('ledger/acme/a', 1, 1);
    const [first] = JSON.parse(encodeCommit(own));
    expect(first).toMatchObject({ source: '/streamfold/ledger', subject: 'ledger/acme/a' });
    expect(decodeCommit(encodeCommit(own))).toMatchObject({ stream: 'ledger/acme/a', version: 1 });
    expect(decodeCommit(encodeCommit({ ...own, events: [] }))).toMatchObject({ stream: 'ledger/acme/a' });
    expect(() => requirePublishable(own)).not.toThrow();
    const twoNames = commitAt('ledger/default/a', 1, 1);
    expect(() => requirePublishable(twoNames)).toThrow(MalformedRecordError);
    expect(() => decodeCommit(encodeCommit(twoNames))).toThrow(MalformedRecordError);
  });

  it('is a notification without events for a commit that is too large', () => {
    const large = commitAt('ledger/a', 4, 3_000);
    const published = encodeCommit(large);
    expect(Buffer.byteLength(published)).toBeLessThan(publishedMaxBytes);
    expect(JSON.parse(published)).toMatchObject([{ type: notificationType, commitcount: 3_000 }]);
    expect(decodeCommit(published)).toMatchObject({ version: 4, count: 3_000, events: [] });
  });

  it('is a notification of at least one event for a commit without readable events', () => {
    const unreadable = { ...commit, events: [] };
    expect(decodeCommit(encodeCommit(unreadable))).toMatchObject({ version: 4, count: 1, events: [] });
  });

  const [one, two] = JSON.parse(encodeCommit(commit));
  it.each([
    ['no JSON', '{'],
    ['no list', '{}'],
    ['null', 'null'],
    ['an empty list', '[]'],
    ['a list of nothing', '[null]'],
    ['a list of text', '["a"]'],
    ['half a commit', JSON.stringify([one])],
    ['its events in another order', JSON.stringify([two, one])],
    ['events of two streams', JSON.stringify([one, { ...two, subject: 'ledger/b' }])],
    ['an event without data', JSON.stringify([one, { ...two, data: undefined }])],
    ['a version of 0', JSON.stringify([{ ...one, commitversion: 0, streamversion: 0, commitcount: 1 }])],
    ['a subject that is no stream', JSON.stringify([{ ...one, subject: 'ledger', commitcount: 1 }])],
  ])('refuses %s', (_name, json) => {
    expect(() => decodeCommit(json)).toThrow(MalformedRecordError);
  });
});
