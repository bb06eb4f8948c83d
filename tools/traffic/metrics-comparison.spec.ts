import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Send } from './memory.fixture.ts';
import { memoryMetrics } from './metrics.fixture.ts';
import { apiTo, type Driven, driven } from './metrics-driven.fixture.ts';
import { Tally } from './tally.ts';

type Body = Record<string, unknown>;

/** Alters what a page or row says. */
function altered(send: Send, alter: (path: string, body: Body) => void): Send {
  return async (request) => {
    const answer = await send(request);
    alter(request.path, answer.body as Body);
    return answer;
  };
}

describe('a comparison with metrics that show', () => {
  const metrics = memoryMetrics();
  let run: Driven;
  beforeAll(async () => {
    run = await driven(metrics);
  });

  const items = (body: Body) => body['items'] as Body[];
  const isList = (path: string) => path.startsWith('/metrics?');
  const isRow = (path: string) => /^\/metrics\/[^/?]+$/.test(path);
  const isHistory = (path: string) => path.includes('/history?');

  it.each<[string, (path: string, body: Body) => void, RegExp]>([
    [
      'another version',
      (path, body) => {
        if (isRow(path)) body['version'] = Number(body['version']) - 1;
      },
      /^Metric \S+: version is \d+, the books say \d+/,
    ],
    [
      'an expired target as active',
      (path, body) => {
        if (isRow(path) && body['status'] === 'expired') body['status'] = 'active';
      },
      /: status is active, the books say expired\.$/,
    ],
    [
      'another current value',
      (path, body) => {
        if (isRow(path) && body['current']) (body['current'] as Body)['value'] = 0.5;
      },
      /: current value is 0\.5, the books say [\d.-]+\.$/,
    ],
    [
      'another deadline',
      (path, body) => {
        if (isRow(path) && body['target']) (body['target'] as Body)['deadline'] = '2030-01-01T00:00:00.000Z';
      },
      /: target deadline is 2030-01-01T00:00:00\.000Z, the books say /,
    ],
    [
      'a target without the instant it was reached',
      (path, body) => {
        if (isRow(path) && body['target']) delete (body['target'] as Body)['reachedAt'];
      },
      /: target reachedAt is undefined, the books say 2026-/,
    ],
    [
      'more progress than there is',
      (path, body) => {
        if (isRow(path) && body['progress'] !== undefined) body['progress'] = 2;
      },
      /: progress is 2, the books say [\d.e-]+\.$/,
    ],
    [
      'a history without its last value',
      (path, body) => {
        if (isHistory(path) && !body['next']) items(body).pop();
      },
      /: the value [\d.-]+, recorded by version \d+, is missing\.$/,
    ],
    [
      'a history in another order',
      (path, body) => {
        if (isHistory(path)) items(body).reverse();
      },
      /: the value [\d.-]+ at \S+ stands behind [\d.-]+ at \S+\.$/,
    ],
    [
      'a metric twice in the list',
      (path, body) => {
        if (isList(path)) items(body).push({ ...items(body)[0] });
      },
      /^List of metrics: \S+ is listed 2 times\.$/,
    ],
    [
      'a list without a metric',
      (path, body) => {
        if (isList(path)) items(body).shift();
      },
      /^List of metrics: \S+ is listed 0 times\.$/,
    ],
    [
      'a list in another order',
      (path, body) => {
        if (isList(path)) items(body).reverse();
      },
      /^List of metrics: "Traffic spec 000001" stands behind "Traffic spec 000002"\.$/,
    ],
  ])('%s', async (_what, alter, sentence) => {
    const tally = new Tally();
    const differences = await run.workload.verify(
      apiTo(metrics, altered(metrics.send, alter), tally),
      () => undefined,
    );
    expect(tally.unexpected).toEqual([]);
    expect(differences).toContainEqual(expect.stringMatching(sentence));
  });
});
