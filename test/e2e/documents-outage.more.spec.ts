import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CallInterceptor } from '../../tools/host/call-interceptor.ts';
import { readBody } from '../../tools/host/endpoints/body.ts';
import { passOn } from '../../tools/host/endpoints/proxy.ts';
import { engineOf, signedService } from '../../tools/host/endpoints/target.ts';
import { SlowAnalysis } from '../support/slow-analysis.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const bodyLimitBytes = 16 * 1024 * 1024;
const deadlineMs = 120_000;
let isDown = false;

/** S3 answers no reads while it is down. */
const documentsOutage: CallInterceptor =
  ({ urls }) =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const engine = engineOf(request.headers, url.searchParams) ?? 'dynamodb';
    const service = signedService(request.headers, url.searchParams) ?? '';
    if (isDown && service === 's3' && ['GET', 'HEAD'].includes(request.method ?? '')) {
      response.writeHead(503).end();
      return;
    }
    const body = (await readBody(request, bodyLimitBytes)) ?? Buffer.alloc(0);
    await passOn(request, response, urls[engine], service, { body });
  };

let host: TestHost;
const logs: string[] = [];
beforeAll(async () => {
  const onFunctionLog = (_: string, line: string) => void logs.push(line);
  host = await startTestHost({ interceptCalls: documentsOutage, onFunctionLog });
}, 60_000);
afterAll(() => host?.stop());

it(
  'an upload whose documents cannot be read now is analyzed half a minute later',
  async () => {
    isDown = true;
    const analysis = await SlowAnalysis.begin(host.httpUrl);
    const postponed = () => logs.filter((line) => line.includes('It will be analyzed later'));
    const [line = ''] = await until(postponed, ({ length }) => length > 0, deadlineMs);
    expect(JSON.parse(line)).toMatchObject({ attempt: 1, delaySeconds: 30 });
    isDown = false;
    expect(await analysis.result(deadlineMs)).toMatchObject({ outcome: 'analyzed' });
    expect(postponed()).toHaveLength(1);
  },
  3 * deadlineMs,
);
