import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { awsShape, type ErrorShape, problemShape } from './error-answer.ts';
import { closedPolicy } from './request-guard.ts';
import { type Endpoint, type Listener, openEndpoint } from './server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function endpoint(errorShape: ErrorShape, listener: Listener) {
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const opened: Endpoint = await openEndpoint({ port: 0, option: '--http', errorShape, warn });
  cleanups.push(() => opened.stop());
  opened.serve(listener, closedPolicy);
  return { port: Number(new URL(opened.url).port), warnings };
}

/** Sends bytes, and reads until the other end closes the connection. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

const asked: string[] = [];
const answering: Listener = async (request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.host}`);
  response.writeHead(200, { connection: 'close' }).end('answered');
};

describe('an endpoint', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n', 400],
    ['another host', 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421],
    ['large headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a tunnel', 'CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n', 501],
    ['an origin', 'GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n', 403],
    ['no host and an origin', 'GET / HTTP/1.0\r\nOrigin: http://undefined\r\n\r\n', 403],
    [
      'a transfer coding of HTTP/1.0',
      'POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'another transfer coding',
      'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      501,
    ],
    [
      'a body that does not come',
      'POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
      403,
    ],
  ])('answers %s in its own form, asks nobody, and closes', async (_, bytes, status) => {
    asked.length = 0;
    const { port } = await endpoint(problemShape, answering);
    const problem = await send(port, bytes);
    expect(problem).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(problem).toContain('content-type: application/problem+json');
    expect(JSON.parse(problem.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:/),
    });
    const aws = await endpoint(awsShape, answering);
    const error = await send(aws.port, bytes);
    expect(JSON.parse(error.split('\r\n\r\n')[1] ?? '')).toMatchObject({ __type: expect.any(String) });
    expect(asked).toEqual([]);
  });

  it('answers absolute URLs as paths, and upgrades as requests', async () => {
    asked.length = 0;
    const { port } = await endpoint(problemShape, answering);
    await send(port, 'GET http://localhost:9/a?b HTTP/1.1\r\nHost: x\r\n\r\n');
    await send(
      port,
      'GET /c HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(asked).toEqual(['GET /a?b localhost:9', 'GET /c localhost']);
    const all = 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await send(port, all)).toMatch(/^HTTP\/1.1 204 /);
    expect(asked).toHaveLength(2);
  });

  it('asks for a body that is announced', async () => {
    const { port } = await endpoint(problemShape, async (request, response) => {
      response.writeHead(200, { connection: 'close' }).end(await text(request));
    });
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok';
    expect(await send(port, head)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 [\s\S]*ok\r\n/);
  });

  it('tells the user of a refused page once, in characters that a terminal shows', async () => {
    const { port, warnings } = await endpoint(problemShape, answering);
    const foreign = 'GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://e\u009b.example\r\n\r\n';
    await send(port, foreign);
    await send(port, foreign);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^Refused: A page of http:\/\/e[?]+\.example [\x20-\x7e]+$/);
    for (let other = 0; other < 30; other++) {
      await send(port, `GET / HTTP/1.1\r\nHost: evil${other}.example\r\n\r\n`);
    }
    expect(warnings).toHaveLength(10);
  });
});
