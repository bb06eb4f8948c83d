import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import { freePort, listen } from '../host/engines/free-port.ts';
import { UserError } from '../host/user-error.ts';
import { askApiGateway } from './api-gateway.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

type Answer = readonly [status: number, body: object | string];

/** An emulator that gives these answers one after the other, and the last one from then on. */
async function emulatorWith(...answers: readonly [Answer, ...Answer[]]) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const [status, body] = answers[requests.length - 1] ?? answers.at(-1) ?? answers[0];
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { endpoint: `http://localhost:${await listen(server, 0, '--port')}`, requests };
}

// The words of LocalStack, where the plan of the token lacks a service.
const notInPlan =
  'Sorry, the apigatewayv2 service is not included within your LocalStack license, but is available in an upgraded license.';
const refusal: Answer = [501, { __type: 'InternalFailure', message: notInPlan }];

it('asks for the HTTP APIs in the name of API Gateway', async () => {
  const { endpoint, requests } = await emulatorWith([200, { items: [] }]);
  expect(await askApiGateway(endpoint)).toEqual({ kind: 'available' });
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /v2/apis']);
  expect(requests[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/apigateway\//,
  );
});

it('asks once where the plan does not include it, and quotes the emulator', async () => {
  const { endpoint, requests } = await emulatorWith(refusal);
  expect(await askApiGateway(endpoint)).toEqual({ kind: 'refused', reason: notInPlan });
  expect(requests).toHaveLength(1);
});

it.each([
  ['is starting', [503, 'Starting']],
  ['is busy', [429, { message: 'Too many requests' }]],
  ['fails', [500, { message: 'Internal error' }]],
] as const)('asks again while the emulator %s', async (_, first) => {
  const { endpoint, requests } = await emulatorWith([...first], [200, { items: [] }]);
  expect(await askApiGateway(endpoint)).toEqual({ kind: 'available' });
  expect(requests).toHaveLength(2);
});

it.each([
  ['another service', [404, '<Error><Code>NoSuchBucket</Code></Error>']],
  ['a refusal of the caller', [403, { message: 'The security token is invalid' }]],
  ['a page', [200, '<html></html>']],
  ['another list', [200, { buckets: [] }]],
] as const)('does not guess, nor ask again, after %s', async (_, [status, body]) => {
  const { endpoint, requests } = await emulatorWith([status, body]);
  const answer = expect(askApiGateway(endpoint)).rejects;
  await answer.toThrow(UserError);
  await answer.toThrow(`does not say whether it has API Gateway V2 (HTTP ${status} `);
  expect(requests).toHaveLength(1);
});

it('gives up where nothing answers, and says how to choose by hand', async () => {
  const endpoint = `http://localhost:${await freePort()}`;
  await expect(askApiGateway(endpoint, { timeoutMs: 0 })).rejects.toThrow(
    `--settings '{"httpApi":"off"}' deploys without an HTTP API, "on" with one.`,
  );
});

it('stops asking when the signal aborts', async () => {
  const { endpoint, requests } = await emulatorWith([503, 'Starting']);
  const stop = new AbortController();
  const asking = askApiGateway(endpoint, { signal: stop.signal });
  stop.abort(new Error('Enough.'));
  await expect(asking).rejects.toThrow('Enough.');
  expect(requests.length).toBeLessThanOrEqual(1);
});
