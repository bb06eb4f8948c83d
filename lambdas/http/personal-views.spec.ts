import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineContext, type Personal, type Projection } from '../kernel/index.ts';
import {
  type DiaryEvent,
  type DiaryState,
  diary,
  diaryEvents,
  memoryContext,
} from '../kernel/testing/index.ts';
import { createCursors } from './cursor.ts';
import { queryRoutes } from './query-routes.ts';
import { defineResource, personalField } from './resource.ts';
import { notingLogger, testApi } from './testing.ts';

/** Rows and lines with personal fields, on every route that shows them. */

interface Page {
  readonly id: string;
  readonly last: Personal<string>;
  readonly tags: readonly Personal<string>[];
  readonly notes: number;
}

interface Line {
  readonly text: Personal<string>;
}

const projection: Projection<DiaryEvent, Page, Line, 'byId'> = {
  name: 'diary',
  category: 'diary',
  events: diaryEvents,
  project: (row, event) => {
    const id = event.stream.slice('diary/'.length);
    const before = row ?? { id, last: 'nothing', tags: [], notes: 0 };
    if (event.type !== 'Diary:Noted') return { row: before };
    const { text, tags = [] } = event.data;
    return {
      row: { id, last: text, tags: [...before.tags, ...tags], notes: before.notes + 1 },
      line: { key: String(event.version), line: { text } },
    };
  },
  listKeys: ({ id }) => ({ byId: id }),
};

/** The number of the note that says of a diary that it is erased. */
let erasedByNote = Number.POSITIVE_INFINITY;

const resource = defineResource({
  projection,
  path: '/diaries',
  noun: 'diary',
  answer: { words: z.int() },
  fields: { last: personalField(z.string()), tags: z.array(personalField(z.string())) },
  view: ({ last, tags }) => {
    if (last === 'secret that no view takes') throw new RangeError(`What is ${last}?`);
    return { last, tags };
  },
  isErased: ({ notes }) => notes >= erasedByNote,
});

const diaryContext = defineContext({
  decider: diary,
  events: diaryEvents,
  answer: ({ words }: DiaryState) => ({ words }),
  projection,
});

function diaries() {
  const memory = memoryContext(diaryContext, { now: '2026-01-01T10:00:00.000Z' });
  const logged: string[] = [];
  const { one, page, lines } = queryRoutes(resource, {
    ...memory,
    cursors: createCursors(Buffer.alloc(32, 7)),
  });
  const call = testApi(
    [
      one({ operationId: 'getDiary', summary: 's', past: true }),
      page({ operationId: 'listDiaries', summary: 's', list: 'byId' }),
      lines('notes', {
        operationId: 'listNotes',
        summary: 's',
        order: 'ascending',
        schema: z.object({ text: personalField(z.string()), of: personalField(z.string()) }),
        view: ({ text }, { last }) => ({ text, of: last }),
      }),
    ],
    notingLogger((line) => logged.push(line)),
  );
  return { ...memory, call, logged };
}

let api: ReturnType<typeof diaries>;
const erased = { erased: true };

beforeEach(async () => {
  erasedByNote = Number.POSITIVE_INFINITY;
  api = diaries();
  for (const id of ['a', 'b']) {
    await api.send(id, { type: 'Open' });
    await api.send(id, { type: 'Note', notes: [{ text: `first of ${id}`, tags: ['red', 'blue'] }] });
    await api.project(id);
    await api.send(id, { type: 'Note', notes: [{ text: `second of ${id}` }] });
  }
  // Then the instant of the commits is settled.
  api.clock.now = '2026-01-01T10:01:00.000Z';
  api.keys.calls.length = 0;
});

const get = (path: string, query: string, isFresh = false) =>
  api.call('GET', path, { query, headers: isFresh ? { 'cache-control': 'no-cache' } : {} });

const row = (id: string, last: string, more = {}) => ({ id, last, tags: ['red', 'blue'], ...more });
const gone = (id: string) => ({ id, last: erased, tags: [erased, erased] });
const line = (text: string, last: string) => ({ text, of: last });

/** Requests, with what they show of the diary `a`, and what they show of it when its key is gone. */
const requests = [
  ['the stored row', '/diaries/a', '', false, row('a', 'first of a'), gone('a')],
  ['the fresh row', '/diaries/a', '', true, row('a', 'second of a'), gone('a')],
  ['a version', '/diaries/a', 'version=2', false, row('a', 'first of a', { version: 2 }), gone('a')],
  ['an instant', '/diaries/a', 'at=2026-01-01T10:00:00.000Z', false, row('a', 'second of a'), gone('a')],
  [
    'a list',
    '/diaries',
    '',
    false,
    { items: [row('a', 'first of a'), row('b', 'first of b')] },
    { items: [gone('a'), row('b', 'first of b')] },
  ],
  [
    'stored lines',
    '/diaries/a/notes',
    '',
    false,
    { items: [line('first of a', 'first of a')] },
    { items: [{ text: erased, of: erased }] },
  ],
  [
    'fresh lines',
    '/diaries/a/notes',
    '',
    true,
    { items: [line('first of a', 'second of a'), line('second of a', 'second of a')] },
    {
      items: [
        { text: erased, of: erased },
        { text: erased, of: erased },
      ],
    },
  ],
] as const;

describe.each(requests)('%s', (_what, path, query, isFresh, shown, withoutKey) => {
  it('has plain values, with one read of the keys', async () => {
    expect(await get(path, query, isFresh)).toMatchObject({ status: 200, body: shown });
    expect(api.keys.calls).toHaveLength(1);
  });

  it('says what is erased if the key is gone', async () => {
    api.keys.destroy('diary/a');
    const { status, body } = await get(path, query, isFresh);
    expect({ status, body }).toMatchObject({ status: 200, body: withoutKey });
    expect(JSON.stringify(body)).not.toMatch(/of a|"enc"/);
  });

  it('says what is erased as soon as the row does, while the key can still be had', async () => {
    await api.project('a');
    erasedByNote = 2;
    const { status, body } = await get(path, query, isFresh);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('"erased":true');
    expect(JSON.stringify(body)).not.toMatch(/of a|"enc"/);
    expect(api.keys.calls.flat()).not.toContain('diary/a');
  });

  it('is not shown in part while the keys cannot be read', async () => {
    api.keys.outage = Object.assign(new Error('Throttled.'), { name: 'ThrottlingException' });
    const { status, headers, body } = await get(path, query, isFresh);
    expect({ status, headers, body }).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { type: 'urn:streamfold:problem:unavailable' },
    });
    expect(JSON.stringify(body)).not.toMatch(/of [ab]/);
  });
});

describe.each(['', 'version=2'])('a client that has a row (%s)', (query) => {
  it('gets it again only when its values are erased', async () => {
    const { headers } = await get('/diaries/a', query);
    const again = () =>
      api.call('GET', '/diaries/a', { query, headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect(await again()).toMatchObject({ status: 304 });
    api.keys.outage = Object.assign(new Error('Throttled.'), { name: 'ThrottlingException' });
    expect(await again()).toMatchObject({ status: 503 });
    api.keys.outage = undefined;
    api.keys.destroy('diary/a');
    expect(await again()).toMatchObject({ status: 200, body: gone('a') });
  });
});

it('rows without personal values need no keys', async () => {
  await api.send('c', { type: 'Open' });
  api.keys.calls.length = 0;
  const { headers, body } = await get('/diaries/c', '', true);
  expect(body).toMatchObject({ last: 'nothing', tags: [] });
  const known = { 'cache-control': 'no-cache', 'if-none-match': headers['etag'] ?? '' };
  expect(await api.call('GET', '/diaries/c', { headers: known })).toMatchObject({ status: 304 });
  expect(api.keys.calls).toEqual([]);
});

it('a view that fails is logged without the value', async () => {
  await api.send('a', { type: 'Note', notes: [{ text: 'secret that no view takes' }] });
  const answer = await get('/diaries/a', '', true);
  expect(answer).toMatchObject({ status: 500, body: { type: 'urn:streamfold:problem:internal-error' } });
  const all = [JSON.stringify(answer), ...api.logged].join('\n');
  expect(all).toContain('The view of the diary failed.');
  expect(all).not.toContain('secret that no view takes');
});
