import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import { problemLike } from '../../context-under-test.fixture.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../dispense-under-test.fixture.ts';
import { at } from '../domain/dispense.fixture.ts';
import { pagesMaxCount } from '../domain/prescription.ts';

const png = PNG.sync.write(new PNG({ width: 4, height: 4 }));
const text = Buffer.from('Ibuprofen 400 mg tablets, 20, 1 when needed');
const limitBytes = 4 * 1024 * 1024;
const fresh = { 'cache-control': 'no-cache' };

/** The part of a dispense's answer that the specs read. */
interface Answered {
  readonly prescription: { readonly pages: readonly unknown[] };
}

let api: DispenseUnderTest;
let id: string;
beforeEach(async () => {
  api = dispenseUnderTest();
  id = await api.start();
});

/** The statuses of the documents in the store. */
const stored = () => [...api.documents.statuses.values()];
const keys = () => [...api.documents.statuses.keys()];

describe('uploading a further page', () => {
  it('appends an event that names the pages before it', async () => {
    await api.upload(id, png);
    const [first = ''] = keys();
    expect(await api.addPage(id, text)).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { id, version: 3, state: 'analyzing' },
    });
    const [, second] = keys();
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:PrescriptionUploaded',
      {
        key: second,
        sizeBytes: text.byteLength,
        contentType: 'text/plain',
        sha256: createHash('sha256').update(text).digest('hex'),
        earlierKeys: [first],
        at: at(0),
      },
    ]);
    expect(stored()).toEqual(['kept', 'kept']);
    const { prescription } = (await api.get(`/dispenses/${id}`, '', fresh)).body as unknown as Answered;
    expect(prescription).toMatchObject({
      contentType: 'text/plain',
      pages: [{ contentType: 'image/png', sizeBytes: png.byteLength }, { contentType: 'text/plain' }],
    });
    expect(JSON.stringify(prescription)).not.toContain(first);
  });

  it('is safe to repeat with a key, and is another command than an upload', async () => {
    const headers = { 'idempotency-key': 'page' };
    await api.upload(id, png);
    const first = await api.addPage(id, text, headers);
    expect(await api.addPage(id, text, headers)).toMatchObject({ status: 200, body: first.body });
    expect(await api.upload(id, text, headers)).toMatchObject(problemLike(422, 'idempotency-key-reused'));
    expect(stored()).toEqual(['kept', 'kept']);
    expect(await api.eventsOf(id)).toHaveLength(3);
  });

  it('is refused without a first page, and after the fifth; the document is removed', async () => {
    expect(await api.addPage(id, png)).toMatchObject(problemLike(409, 'dispense/no-first-page'));
    expect(stored()).toEqual([]);
    expect(await api.eventsOf(id)).toHaveLength(1);
    await api.upload(id, png);
    for (let page = 2; page <= pagesMaxCount; page += 1)
      expect(await api.addPage(id, png)).toMatchObject({ status: 200 });
    expect(await api.addPage(id, png)).toMatchObject(problemLike(409, 'dispense/too-many-pages'));
    expect(stored()).toEqual(Array(pagesMaxCount).fill('kept'));
  });

  it.each([
    ['an empty body', Buffer.alloc(0), {}, 400, 'empty-body'],
    ['another type', png, { 'content-type': 'text/html' }, 415, 'unsupported-media-type'],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;'), {}, 400, 'dispense/unsupported-document'],
    ['too many bytes', Buffer.alloc(limitBytes + 1, 'a'), {}, 413, 'body-too-large'],
  ])('is refused like an upload: %s', async (_what, document, headers, status, code) => {
    await api.upload(id, png);
    expect(await api.addPage(id, document, headers)).toMatchObject(problemLike(status, code));
    expect(stored()).toEqual(['kept']);
  });
});

describe('getting a page', () => {
  it('answers the page that the query names, or the newest', async () => {
    await api.upload(id, png);
    await api.addPage(id, text);
    await api.project(id);
    const [first, second] = keys();
    for (const [query, key, type, name] of [
      ['', second, 'text%2Fplain', 'prescription-page-2.txt'],
      ['page=1', first, 'image%2Fpng', 'prescription-page-1.png'],
      ['page=2', second, 'text%2Fplain', 'prescription-page-2.txt'],
    ] as const) {
      const url = `https://documents.invalid/${key}?type=${type}&name=${name}&expires=60`;
      expect(await api.get(`/dispenses/${id}/prescription`, query)).toMatchObject({
        status: 302,
        body: { url },
      });
    }
    expect(await api.get(`/dispenses/${id}/prescription`, 'page=3')).toMatchObject(
      problemLike(404, 'dispense/no-page'),
    );
  });

  it.each(['page=0', 'page=6', 'page=', 'page=x', 'page=1.5', 'page=-1', 'page=1&page=2'])(
    'refuses %s',
    async (query) => {
      await api.upload(id, png);
      expect(await api.get(`/dispenses/${id}/prescription`, query, fresh)).toMatchObject({ status: 400 });
    },
  );
});
