import { describe, expect, it } from '@jest/globals';
import type { ApiAnswer, ApiRequest } from './http-client.ts';
import type { Send } from './memory.fixture.ts';
import { memoryMetrics } from './metrics.fixture.ts';
import { driven } from './metrics-driven.fixture.ts';

type Body = Record<string, unknown>;

/** The nth request that matches meets the fault instead of the metrics. */
function faulty(send: Send, nth: number, isMeant: (request: ApiRequest) => boolean, fault: Send): Send {
  let met = 0;
  return (request) => {
    if (!isMeant(request)) return send(request);
    met += 1;
    return met === nth ? fault(request) : send(request);
  };
}

const isRecording = ({ path, body }: ApiRequest) =>
  path.endsWith('/values') && typeof (body as Body | undefined)?.['value'] === 'number';

/** Does without a header. */
function without(send: Send, header: string): Send {
  return ({ headers = {}, ...request }) =>
    send({
      ...request,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header)),
    });
}

describe('traffic on sound metrics', () => {
  it.each([
    [1, 0],
    [12, 0],
    [1, 3_600_000],
    [12, -90_000],
  ])('ends without a difference, %i at a time, their clock %i ms ahead', async (concurrency, aheadMs) => {
    const { tally, workload, differences } = await driven(memoryMetrics({ aheadMs }), { concurrency });
    expect(tally.unexpected).toEqual([]);
    expect(differences).toEqual([]);
    expect(workload.eventCount).toBeGreaterThanOrEqual(1_500);
    expect(tally.freshReads).toBeGreaterThan(0);
    expect(tally.repeated.of('after an answer')).toBeGreaterThan(0);
    expect(tally.repeated.of('in flight')).toBeGreaterThan(0);
  });

  it('meets every refusal there is to meet, and every status', async () => {
    const { tally, workload } = await driven(memoryMetrics());
    for (const code of [
      'metrics/archived',
      'metrics/not-found',
      'metrics/deadline-passed',
      'metrics/in-the-future',
      'metrics/before-creation',
      'invalid-body',
      'version-mismatch',
      'idempotency-key-reused',
    ]) {
      expect([code, tally.refused.of(code)]).not.toEqual([code, 0]);
    }
    for (const status of ['active', 'expired', 'successful', 'archived']) {
      expect(workload.holdings).toMatch(new RegExp(`${status}: [1-9]`));
    }
  });

  it('finds out unknown outcomes by key', async () => {
    const metrics = memoryMetrics();
    let commands = 0;
    const traffic: Send = async (request) => {
      const answer = await metrics.send(request);
      if (request.method === 'GET') return answer;
      commands += 1;
      if (commands % 5 === 0) throw Object.assign(new Error('no answer'), { code: 'ECONNRESET' });
      return answer;
    };
    const { tally, differences } = await driven(metrics, { traffic });
    expect(tally.retried.of('ECONNRESET')).toBeGreaterThan(20);
    expect([...tally.unexpected, ...differences]).toEqual([]);
  });

  it('sends the same for the same seed', async () => {
    const requestsOf = async () => {
      const metrics = memoryMetrics();
      const sent: string[] = [];
      const traffic: Send = (request) => {
        sent.push(`${request.path.replace(/[0-9a-f-]{36}/, 'id')} ${JSON.stringify(request.body)}`);
        return metrics.send(request);
      };
      await driven(metrics, { traffic });
      return sent;
    };
    expect(await requestsOf()).toEqual(await requestsOf());
  });
});

describe('traffic on metrics that', () => {
  it('acknowledge a value and lose it', async () => {
    const metrics = memoryMetrics();
    let lost: { readonly key: string | undefined; readonly answer: ApiAnswer } | undefined;
    const pretend: Send = async ({ path, headers, body }) => {
      const id = path.split('/')[2];
      const row = await metrics.send({ method: 'GET', path: `/metrics/${id}` });
      const { version, status } = row.body as { version: number; status: string };
      const said = { id, version: version + 1, status, value: (body as Body)['value'] };
      const answer = { status: 200, headers: { etag: `"${version + 1}"` }, body: said };
      lost = { key: headers?.['idempotency-key'], answer };
      return answer;
    };
    const pretending = faulty(metrics.send, 15, isRecording, pretend);
    const traffic: Send = async (request) =>
      lost && request.headers?.['idempotency-key'] === lost.key ? lost.answer : pretending(request);
    const { differences } = await driven(metrics, { traffic });
    expect(differences.join('\n')).toMatch(/the value [\d.-]+, recorded by version \d+, is missing/);
  });

  it('record a value twice', async () => {
    const metrics = memoryMetrics();
    const twice: Send = async (request) => {
      await without(metrics.send, 'idempotency-key')(request);
      return metrics.send(request);
    };
    const { differences } = await driven(metrics, { traffic: faulty(metrics.send, 15, isRecording, twice) });
    expect(differences.join('\n')).toMatch(/the value [\d.-]+ at \S+ is there more than once/);
    expect(differences.join('\n')).toMatch(/values led from version \d+, .* and not to /);
  });

  it('create a metric twice', async () => {
    const metrics = memoryMetrics();
    const twice: Send = async (request) => {
      await without(metrics.send, 'idempotency-key')(request);
      return metrics.send(request);
    };
    const isCreating = ({ path }: ApiRequest) => path === '/metrics';
    const { differences } = await driven(metrics, { traffic: faulty(metrics.send, 2, isCreating, twice) });
    expect(differences).toEqual([
      expect.stringMatching(
        /^List of metrics: .*, "Traffic spec 000002", is one that no command was acknowledged for\.$/,
      ),
    ]);
  });

  it('forget idempotency keys', async () => {
    const metrics = memoryMetrics();
    const { tally } = await driven(metrics, { traffic: without(metrics.send, 'idempotency-key') });
    expect(tally.unexpected.join('\n')).toMatch(/repeated under its key it was/);
  });

  it('ignore If-Match', async () => {
    const metrics = memoryMetrics();
    const { tally } = await driven(metrics, { traffic: without(metrics.send, 'if-match') });
    expect(tally.unexpected.join('\n')).toMatch(/not version-mismatch/);
  });

  it('refuse what they have to take', async () => {
    const metrics = memoryMetrics();
    const type = 'urn:streamfold:problem:metrics/archived';
    const refuse: Send = async () => ({ status: 409, headers: {}, body: { type } });
    const { tally } = await driven(metrics, { traffic: faulty(metrics.send, 3, isRecording, refuse) });
    expect(tally.unexpected.join('\n')).toMatch(/was answered refused with metrics\/archived, not done/);
  });

  it('answer an old version to a reader who must see everything', async () => {
    const metrics = memoryMetrics();
    const traffic: Send = async (request) => {
      const answer = await metrics.send(request);
      const isFresh = request.headers?.['cache-control'] !== undefined;
      if (isFresh) (answer.body as Body)['version'] = 1;
      return answer;
    };
    const { tally } = await driven(metrics, { traffic });
    expect(tally.unexpected.join('\n')).toMatch(/with no-cache at version \d+ was 200/);
  });
});
