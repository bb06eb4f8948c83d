import { describe, expect, it } from '@jest/globals';
import { UserError } from '../host/user-error.ts';
import { Api, type ApiOptions, type Clock } from './api.ts';
import { RunCounts } from './counts.ts';
import type { ApiAnswer, ApiRequest } from './http-client.ts';

const request: ApiRequest = {
  method: 'POST',
  path: '/ledger',
  headers: { 'idempotency-key': 'k' },
  body: {},
};
const failure = (code: string) => Object.assign(new Error('no answer'), { code });
const answer = (status: number, body: unknown = {}): ApiAnswer => ({ status, headers: {}, body });

/** Time passes only while the run waits. */
function quickClock(): Clock & { waited: number[] } {
  const waited: number[] = [];
  let nowMs = 0;
  return {
    waited,
    nowMs: () => nowMs,
    wait: async (durationMs, signal) => {
      signal.throwIfAborted();
      waited.push(durationMs);
      nowMs += durationMs;
    },
  };
}

/** An API whose tries end as listed; the last repeats. */
function apiOf(endings: readonly (ApiAnswer | Error)[], options: Partial<ApiOptions> = {}) {
  const counts = new RunCounts();
  const tried: ApiRequest[] = [];
  const client = {
    try: async (one: ApiRequest) => {
      tried.push(one);
      const ending = endings[Math.min(tried.length, endings.length) - 1] ?? answer(200);
      if (ending instanceof Error) throw ending;
      return ending;
    },
  };
  const { signal } = new AbortController();
  const clock = quickClock();
  const api = new Api({ client, counts, url: 'http://here', patienceMs: 0, signal, clock, ...options });
  return { api, counts, tried, clock };
}

describe('Api', () => {
  it.each([200, 201, 400, 404, 409, 412, 422])('accepts %i as the outcome', async (status) => {
    const { api, tried, counts } = apiOf([answer(status)]);
    expect(await api.send(request)).toMatchObject({ status });
    expect(tried).toHaveLength(1);
    expect(counts.statuses.of(status)).toBe(1);
  });

  it('repeats the same request until the outcome is known', async () => {
    const { api, tried, counts } = apiOf([failure('ECONNRESET'), answer(503), answer(429), answer(201)]);
    expect(await api.send(request)).toMatchObject({ status: 201 });
    expect(tried).toEqual([request, request, request, request]);
    expect(counts.retried.toString()).toBe('ECONNRESET: 1, 503: 1, 429: 1');
    expect(counts.unexpected).toEqual([]);
  });

  it('counts repeated tries by problem code', async () => {
    const { api, counts } = apiOf([answer(503, { type: 'urn:x:problem:contention' }), answer(200)]);
    await api.send(request);
    expect(counts.retried.of('503 contention')).toBe(1);
  });

  it('reports a 500 even if the next try succeeds', async () => {
    const { api, counts } = apiOf([answer(500, { type: 'internal-error' }), answer(200)]);
    expect(await api.send(request)).toMatchObject({ status: 200 });
    expect(counts.unexpected).toEqual(['POST /ledger was answered 500: {"type":"internal-error"}']);
  });

  it('gives up after ten tries, with growing waits in between', async () => {
    const { api, tried, clock } = apiOf([answer(503)]);
    await expect(api.send(request)).rejects.toThrow(
      'POST /ledger had no usable answer in 10 tries (503): its outcome is unknown, so a comparison is impossible.',
    );
    expect(tried).toHaveLength(10);
    expect(Math.max(...clock.waited)).toBeLessThanOrEqual(2_000);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND'])('reports at once that no server answers (%s)', async (code) => {
    const { api, tried } = apiOf([failure(code)]);
    await expect(api.send(request)).rejects.toThrow(UserError);
    await expect(api.send(request)).rejects.toThrow('No server answers at http://here. Run "npm start"');
    expect(tried).toHaveLength(2);
  });

  it('reports that a server that has answered before is gone', async () => {
    const { api } = apiOf([answer(200), failure('ECONNREFUSED')]);
    await api.send(request);
    await expect(api.send(request)).rejects.toThrow('The server at http://here is gone. With --patient');
  });

  it.each([failure('ECONNREFUSED'), failure('ECONNRESET'), answer(503)])(
    'waits for a server that comes back within the patience (%#)',
    async (ending) => {
      const gone = Array.from({ length: 25 }, () => ending);
      const { api, tried, counts } = apiOf([...gone, answer(200)], { patienceMs: 60_000 });
      expect(await api.send(request)).toMatchObject({ status: 200 });
      expect(tried).toHaveLength(26);
      expect(counts.unexpected).toEqual([]);
    },
  );

  it('waits no longer than the patience', async () => {
    const { api, clock } = apiOf([failure('ECONNREFUSED')], { patienceMs: 60_000 });
    await expect(api.send(request)).rejects.toThrow('No server answers at');
    expect(clock.nowMs()).toBeGreaterThanOrEqual(60_000);
    expect(clock.nowMs()).toBeLessThan(62_100);
  });

  it('stops when the signal is aborted', async () => {
    const interruption = new AbortController();
    const { api, tried } = apiOf([answer(503)], { signal: interruption.signal });
    interruption.abort(new Error('interrupted'));
    await expect(api.send(request)).rejects.toThrow('interrupted');
    expect(tried).toEqual([]);
  });
});
