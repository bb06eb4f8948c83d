import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bodyWith, span, spanNumbers, traceIdOf } from './spans.fixture.ts';
import { openTraceReceiver, type TraceReceiver } from './trace-receiver.ts';

const uuid = '5b0b1dd5-6f5c-4d4a-9a52-3f0d6c1c7f11';
const warnings: string[] = [];
let receiver: TraceReceiver;
beforeAll(async () => {
  receiver = await openTraceReceiver((line) => void warnings.push(line));
  expect(await post(bodyWith(span(1, 1, { correlation: uuid, commits: ['ledger/7f3c@12'] })))).toEqual([
    200,
    {},
  ]);
});
afterAll(() => receiver?.stop());

async function answer(path: string, init?: RequestInit): Promise<[status: number, body: unknown]> {
  const response = await fetch(receiver.url + path, init);
  return [response.status, await response.json()];
}

function post(body: Buffer, headers: Readonly<Record<string, string>> = {}, path = '/v1/traces') {
  const sent = { 'content-type': 'application/json', ...headers };
  return answer(path, { method: 'POST', headers: sent, body: new Uint8Array(body) });
}

const message = (sentence: RegExp | string) => ({ message: expect.stringMatching(sentence) });

describe('the receiver of traces', () => {
  it('accepts an empty request, packed ones, and a content type with parameters', async () => {
    expect(await post(Buffer.from('{}'))).toEqual([200, {}]);
    const type = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(await post(bodyWith(span(2, 2)), type)).toEqual([200, {}]);
    expect(await post(gzipSync(bodyWith(span(3, 3))), { 'content-encoding': 'gzip' })).toEqual([200, {}]);
    expect(spanNumbers([receiver.spans()])).toEqual([1, 2, 3]);
  });

  it('accepts metrics and logs, which it does not keep', async () => {
    for (const path of ['/v1/metrics', '/v1/logs']) {
      expect(await post(Buffer.from('{"resourceLogs":[]}'), {}, path)).toEqual([200, {}]);
      expect(await post(Buffer.from('{'), {}, path)).toEqual([
        400,
        { code: 3, message: 'The body is not JSON.' },
      ]);
    }
  });

  it.each([
    [`correlation=${uuid}`],
    [`trace=${traceIdOf(1)}`],
    [`commit=${encodeURIComponent('ledger/7f3c@12')}`],
    ['commit=ledger/7f3c@12'],
  ])('finds traces by ?%s', async (query) => {
    const [status, found] = await answer(`/traces?${query}`);
    expect([status, spanNumbers([Object(found)])]).toEqual([200, [1]]);
  });

  it.each([
    ['/traces?commit=ledger/7f3c@13', 404, /^No such span/],
    [`/traces?trace=${traceIdOf(99)}`, 404, /^No such span/],
    ['/traces', 400, /^Ask for one of these/],
    ['/traces?trace=1', 400, /^Ask for one of these/],
    ['/traces?correlation=', 400, /^Ask for one of these/],
    ['/traces?commit=ledger/7f3c', 400, /^Ask for one of these/],
    [`/traces?trace=${traceIdOf(1)}&commit=a@1`, 400, /^Ask for one of these/],
    ['/traces?__proto__=a', 400, /^Ask for one of these/],
    ['/v1/traces', 405, /^\/v1\/traces has only POST\.$/],
    ['/toString', 404, /It has POST \/v1\/traces, .*GET \/traces\.$/],
    ['//', 404, /^This is the receiver of traces\./],
  ])('answers GET %s with %i and a sentence', async (path, status, sentence) => {
    expect(await answer(path)).toEqual([status, { code: expect.any(Number), ...message(sentence) }]);
  });

  it('says which method a path has', async () => {
    const response = await fetch(`${receiver.url}/traces`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('refuses what it cannot read, with a sentence, and loses nothing', async () => {
    const before = receiver.spans();
    const protobuf = { 'content-type': 'application/x-protobuf' };
    expect(await post(Buffer.from('a'), protobuf)).toMatchObject([415, message(/http\/json/)]);
    const brotli = { 'content-encoding': 'br' };
    expect(await post(Buffer.from('a'), brotli)).toMatchObject([415, message(/gzip/)]);
    const gzip = { 'content-encoding': 'gzip' };
    expect(await post(Buffer.from('a'), gzip)).toMatchObject([400, message('The body is not gzip.')]);
    expect(await post(Buffer.alloc(0))).toMatchObject([400, message('The body is not JSON.')]);
    expect(await post(bodyWith({ ...span(4, 4), spanId: '4' }))).toMatchObject([
      400,
      message(/spans\[0\]\.spanId/),
    ]);
    const large = Buffer.alloc(8 * 1024 * 1024 + 1, ' ');
    expect(await post(large)).toMatchObject([413, message(/larger than 8 MB/)]);
    expect(await post(gzipSync(large), gzip)).toMatchObject([413, message(/larger than 8 MB/)]);
    expect(receiver.spans()).toEqual(before);
    expect(warnings).toEqual([]);
  });

  it('says how many spans it cannot keep, if one request has more than it keeps at all', async () => {
    const spans = Array.from({ length: 20_001 }, (_, id) => ({ ...span(5, id + 1), attributes: [] }));
    const [status, answered] = await post(bodyWith(...spans));
    expect([status, answered]).toMatchObject([200, { partialSuccess: { rejectedSpans: '20001' } }]);
  });

  it('lets no page of another origin in', async () => {
    const page = { 'sec-fetch-site': 'cross-site', origin: 'http://a.example' };
    expect(await answer(`/traces?correlation=${uuid}`, { headers: page })).toMatchObject([403, { code: 7 }]);
    expect(await post(bodyWith(span(6, 6)), page)).toMatchObject([403, { code: 7 }]);
    expect(warnings).toEqual([expect.stringContaining('http://a.example')]);
  });
});
