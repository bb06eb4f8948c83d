import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpClient } from './http-client.ts';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function clientOf(
  listener: RequestListener,
  { basePath = '', timeoutMs = 5_000, token }: { basePath?: string; timeoutMs?: number; token?: string } = {},
) {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseUrl = new URL(`http://127.0.0.1:${port}${basePath}`);
  const client = new HttpClient(baseUrl, { connections: 2, timeoutMs, token });
  opened.push(
    client,
    { close: () => server.close(() => undefined) },
    { close: () => server.closeAllConnections() },
  );
  return client;
}

describe('HttpClient', () => {
  it('sends a token with every request, if there is one', async () => {
    const echo: RequestListener = ({ headers }, response) => response.end(JSON.stringify(headers));
    const [named, nameless] = [await clientOf(echo, { token: 't' }), await clientOf(echo)];
    const request = { method: 'GET', path: '/a', headers: { 'idempotency-key': 'k' } } as const;
    expect((await named.try(request)).body).toMatchObject({
      authorization: 'Bearer t',
      'idempotency-key': 'k',
    });
    expect((await nameless.try(request)).body).not.toHaveProperty('authorization');
  });

  it('sends JSON below the base path and reads the answer, over connections that stay open', async () => {
    const connections = new Set<number | undefined>();
    const client = await clientOf(
      async (request, response) => {
        connections.add(request.socket.remotePort);
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const { method, url, headers } = request;
        const sent = { method, url, key: headers['idempotency-key'], type: headers['content-type'] };
        response.writeHead(201, { etag: '"2"' });
        response.end(JSON.stringify({ ...sent, body: Buffer.concat(chunks).toString() }));
      },
      { basePath: '/dev/' },
    );
    const headers = { 'idempotency-key': 'k' };
    const answer = await client.try({ method: 'POST', path: '/ledger?a=b', headers, body: { amount: 1.5 } });
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"2"' },
      body: {
        method: 'POST',
        url: '/dev/ledger?a=b',
        key: 'k',
        type: 'application/json',
        body: '{"amount":1.5}',
      },
    });
    for (let tries = 0; tries < 5; tries += 1) await client.try({ method: 'GET', path: '/' });
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  it('returns text that is not JSON as it is', async () => {
    const client = await clientOf((_request, response) => response.end('<html>'));
    expect(await client.try({ method: 'GET', path: '/' })).toMatchObject({ status: 200, body: '<html>' });
  });

  it('rejects an answer that breaks off', async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"id":', () => response.destroy());
    });
    await expect(client.try({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  });

  it('rejects without an answer in time', async () => {
    const client = await clientOf(() => undefined, { timeoutMs: 50 });
    await expect(client.try({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'UND_ERR_HEADERS_TIMEOUT',
    });
  });

  it('rejects running requests when it is closed', async () => {
    const client = await clientOf(() => void client.close());
    await expect(client.try({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'UND_ERR_DESTROYED',
    });
  });
});
