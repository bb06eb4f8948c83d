import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PNG } from 'pngjs';
import { problemLike } from '../../context-under-test.fixture.ts';
import { analysisMaxDrugs } from '../automations/analysis/prescription-analyzer.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../dispense-under-test.fixture.ts';
import { at } from '../domain/dispense.fixture.ts';
import { drugsMaxCount } from '../domain/dispense.ts';

const png = PNG.sync.write(new PNG({ width: 4, height: 4 }));
const text = Buffer.from('Amoxicillin 500 mg capsules, 21, 1 three times a day – Łódź');
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
const onlyKey = () => {
  const [key, ...others] = api.documents.statuses.keys();
  if (key === undefined || others.length > 0) throw new Error('There is not exactly one document.');
  return key;
};
/** Expects that no event was written and that the store is empty. */
const expectNothing = async () => {
  expect(stored()).toEqual([]);
  expect(await api.eventsOf(id)).toHaveLength(1);
};

describe('uploading a prescription', () => {
  it('stores the document, and then appends an event', async () => {
    expect(await api.upload(id, png)).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { id, version: 2, state: 'analyzing' },
    });
    const key = onlyKey();
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:PrescriptionUploaded',
      {
        key,
        sizeBytes: png.byteLength,
        contentType: 'image/png',
        sha256: createHash('sha256').update(png).digest('hex'),
        earlierKeys: [],
        at: at(0),
      },
    ]);
    expect(stored()).toEqual(['kept']);
    const document = await api.documents.get(key);
    expect(Buffer.from(document.bytes).equals(png)).toBe(true);
  });

  it('accepts text without base64', async () => {
    const path = `/dispenses/${id}/prescription`;
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    expect(await api.call('PUT', path, { headers, body: text.toString() })).toMatchObject({ status: 200 });
    const { bytes, contentType } = await api.documents.get(onlyKey());
    expect(contentType).toBe('text/plain');
    expect(Buffer.from(bytes).toString()).toBe(text.toString());
  });

  it('accepts exactly 4 MB, as base64 or as text', async () => {
    const document = Buffer.alloc(limitBytes, 'Amoxicillin 500 mg\n');
    expect(await api.upload(id, document)).toMatchObject({ status: 200 });
    const other = await api.start();
    const headers = { 'content-type': 'text/plain' };
    const request = { headers, body: document.toString() };
    expect(await api.call('PUT', `/dispenses/${other}/prescription`, request)).toMatchObject({ status: 200 });
  });

  it('accepts a body without a type', async () => {
    const request = { body: png.toString('base64'), isBase64Encoded: true };
    expect(await api.call('PUT', `/dispenses/${id}/prescription`, request)).toMatchObject({ status: 200 });
    expect((await api.documents.get(onlyKey())).contentType).toBe('image/png');
  });

  it('is safe to repeat with a key: one event, one document', async () => {
    const headers = { 'idempotency-key': 'upload' };
    const first = await api.upload(id, png, headers);
    const key = onlyKey();
    expect(await api.upload(id, png, headers)).toMatchObject({ status: 200, body: first.body });
    expect(onlyKey()).toBe(key);
    expect(await api.upload(id, text, headers)).toMatchObject(problemLike(422, 'idempotency-key-reused'));
    expect(onlyKey()).toBe(key);
    expect(await api.eventsOf(id)).toHaveLength(2);
  });

  it('replaces the prescription, also during its analysis; both documents are kept', async () => {
    await api.upload(id, png);
    expect(await api.upload(id, text)).toMatchObject({
      status: 200,
      body: { version: 3, state: 'analyzing' },
    });
    expect(stored()).toEqual(['kept', 'kept']);
    const { prescription } = (await api.get(`/dispenses/${id}`, '', fresh)).body as unknown as Answered;
    expect(prescription.pages).toMatchObject([{ contentType: 'text/plain' }]);
  });
});

describe('a document that is refused', () => {
  it.each([
    ['a PNG signature on a text', Buffer.concat([png.subarray(0, 8), text])],
    ['a JPEG signature on a text', Buffer.concat([Buffer.from('ffd8ff', 'hex'), text])],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;')],
    ['text with an escape sequence', Buffer.from('500\x1b[31mmg')],
  ])('is not stored: %s', async (_what, document) => {
    expect(await api.upload(id, document)).toMatchObject(problemLike(400, 'dispense/unsupported-document'));
    await expectNothing();
  });

  it('is not stored: a text that claims to be a PNG', async () => {
    expect(await api.upload(id, text, { 'content-type': 'image/png' })).toMatchObject(
      problemLike(400, 'dispense/unsupported-document'),
    );
    await expectNothing();
  });

  it.each([
    'application/json',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/vnd.api+json',
    'multipart/form-data; boundary=x',
    'text/html',
    'text/csv',
    'text/xml; charset=utf-8',
    'image/gif',
    'image/svg+xml',
    'application/zip',
    'text/plain, application/json',
    'text/plain; charset=iso-8859-1',
  ])('is not stored: a body that says it is %s', async (type) => {
    const refused = problemLike(415, 'unsupported-media-type');
    for (const document of [text, png]) {
      expect(await api.upload(id, document, { 'content-type': type })).toMatchObject(refused);
    }
    const request = { headers: { 'content-type': type }, body: '{}' };
    expect(await api.call('PUT', `/dispenses/${id}/prescription`, request)).toMatchObject(refused);
    await expectNothing();
  });

  it('is not stored: a compressed body', async () => {
    expect(await api.upload(id, text, { 'content-encoding': 'gzip' })).toMatchObject(
      problemLike(415, 'unsupported-media-type'),
    );
    await expectNothing();
  });

  it('is not stored: a part of a document', async () => {
    expect(await api.upload(id, text, { 'content-range': 'bytes 0-9/20' })).toMatchObject(
      problemLike(400, 'invalid-header'),
    );
    await expectNothing();
  });

  it('is not stored: 4 MB and one byte', async () => {
    const document = Buffer.alloc(limitBytes + 1, 'a');
    const tooLarge = problemLike(413, 'body-too-large');
    expect(await api.upload(id, document)).toMatchObject(tooLarge);
    const request = { headers: { 'content-type': 'text/plain' }, body: document.toString() };
    expect(await api.call('PUT', `/dispenses/${id}/prescription`, request)).toMatchObject(tooLarge);
    await expectNothing();
  });

  it('is not stored: an empty one', async () => {
    expect(await api.upload(id, Buffer.alloc(0))).toMatchObject(problemLike(400, 'empty-body'));
    await expectNothing();
  });

  it('is not stored: malformed base64', async () => {
    const request = { body: 'not base64!', isBase64Encoded: true };
    expect(await api.call('PUT', `/dispenses/${id}/prescription`, request)).toMatchObject(
      problemLike(400, 'invalid-base64'),
    );
    await expectNothing();
  });

  it('is not stored: a malformed idempotency key', async () => {
    expect(await api.upload(id, png, { 'idempotency-key': '' })).toMatchObject({ status: 400 });
    await expectNothing();
  });

  it.each<[string, number, string, () => Promise<string>, Readonly<Record<string, string>>]>([
    ['the dispense does not exist', 404, 'dispense/not-found', async () => 'nobody', {}],
    [
      'the dispense is cancelled',
      409,
      'dispense/cancelled',
      async () => {
        await api.post(`/dispenses/${id}/cancel`, { reason: 'r' });
        return id;
      },
      {},
    ],
    ['the caller has seen another version', 412, 'version-mismatch', async () => id, { 'if-match': '"7"' }],
  ])('is removed if %s', async (_what, status, code, target, headers) => {
    const dispenseId = await target();
    const before = await api.eventsOf(dispenseId);
    expect(await api.upload(dispenseId, png, headers)).toMatchObject(problemLike(status, code));
    expect(stored()).toEqual([]);
    expect(await api.eventsOf(dispenseId)).toEqual(before);
  });
});

describe('a store that fails', () => {
  it('fails the upload if the document could not be stored', async () => {
    jest.spyOn(api.documents, 'put').mockRejectedValue(Object.assign(new Error(), { name: 'SlowDown' }));
    expect(await api.upload(id, png)).toMatchObject(problemLike(503, 'unavailable'));
    await expectNothing();
  });

  it('does not undo the commit: the document is kept later, or expires', async () => {
    jest.spyOn(api.documents, 'keep').mockRejectedValue(new Error('down'));
    expect(await api.upload(id, png)).toMatchObject({ status: 200 });
    expect(stored()).toEqual(['uploaded']);
    expect(api.warnings).toEqual([expect.stringContaining('keep')]);
    jest.spyOn(api.documents, 'discard').mockRejectedValue(new Error('down'));
    expect(await api.upload(id, png, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    expect(stored()).toEqual(['uploaded', 'uploaded']);
    expect(api.warnings).toEqual([expect.any(String), expect.stringContaining('discard')]);
  });

  it('does not remove the document if the event may exist', async () => {
    jest.spyOn(api.log, 'append').mockRejectedValue(Object.assign(new Error(), { name: 'TimeoutError' }));
    expect(await api.upload(id, png)).toMatchObject({ status: 503 });
    expect(stored()).toEqual(['uploaded']);
  });
});

describe('getting a prescription', () => {
  it('answers a link that is valid for a minute', async () => {
    await api.upload(id, png);
    await api.project(id);
    const answer = await api.get(`/dispenses/${id}/prescription`);
    const url = `https://documents.invalid/${onlyKey()}?type=image%2Fpng&name=prescription-page-1.png&expires=60`;
    expect(answer).toMatchObject({
      status: 302,
      headers: { location: url, 'cache-control': 'no-store' },
      body: { url, expiresAt: at(1) },
    });
  });

  it('answers no link once the documents are erased', async () => {
    await api.upload(id, png);
    await api.send(id, { type: 'Erase', legalGround: 'consent-withdrawn', now: at(2) });
    const path = `/dispenses/${id}/prescription`;
    expect(await api.get(path, '', fresh)).toMatchObject(problemLike(404, 'dispense/documents-erased'));
  });

  it('finds a prescription that was just uploaded, with no-cache', async () => {
    await api.project(id);
    const noPrescription = problemLike(404, 'dispense/no-prescription');
    expect(await api.get(`/dispenses/${id}/prescription`)).toMatchObject(noPrescription);
    await api.upload(id, png);
    expect(await api.get(`/dispenses/${id}/prescription`)).toMatchObject(noPrescription);
    expect(await api.get(`/dispenses/${id}/prescription`, '', fresh)).toMatchObject({ status: 302 });
  });
});

it('analyzers propose at most as many drugs as a dispense accepts', () => {
  expect(analysisMaxDrugs).toBe(drugsMaxCount);
});
