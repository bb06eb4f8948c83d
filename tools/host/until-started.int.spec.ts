import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import { awsShape, problemShape } from './endpoints/error-answer.ts';
import { openEndpoint } from './endpoints/server.ts';
import { freePort, listen } from './engines/free-port.ts';
import { untilStarted } from './until-started.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(server: Server, port: number): Promise<void> {
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await listen(server, port, '--http');
}

function waiting(url: string, timeoutMs: number, signal = new AbortController().signal) {
  const said: string[] = [];
  const end = untilStarted(url, { say: (line) => said.push(line), signal, timeoutMs });
  return { said, end };
}

it('waits for a host that is not there yet, then starts, and is then ready', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { said, end } = waiting(url, 60_000);
  let isReady = false;
  let refusals = 0;
  const server = createServer((_, response) => {
    if (isReady) return response.end('{}');
    refusals += 1;
    isReady = refusals === 2;
    response.writeHead(503);
    return response.end('{"title":"Starting"}');
  });
  await serve(server, port);
  await end;
  expect(refusals).toBe(2);
  expect(said).toHaveLength(1);
});

it.each([
  ['HTTP', problemShape],
  ['AWS', awsShape],
] as const)('knows a host that is starting, by the answer of its %s port', async (_, errorShape) => {
  const endpoint = await openEndpoint({ port: 0, option: '', errorShape, warn: () => undefined });
  cleanups.push(() => endpoint.stop());
  const { said, end } = waiting(endpoint.url, 1);
  await expect(end).rejects.toThrow(
    /^A host is still starting at .*, in \d+ tries and 0\.001 s\. Run "npm start"/,
  );
  expect(said).toEqual([
    `A host is still starting at ${endpoint.url}: waiting up to 0.001 s for npm start ...`,
  ]);
});

it('gives up with what it tried when nothing answers', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  await expect(waiting(url, 600).end).rejects.toThrow(
    /^Nothing answers at .*, in \d+ tries and 0\.6 s\. Run "npm start", or name the address of the host\.$/,
  );
});

it('does not wait for a host at an address of another machine', async () => {
  // Only this machine answers to 0.0.0.0 too, but by its text it is no loopback address.
  const url = `http://0.0.0.0:${await freePort()}`;
  const { said, end } = waiting(url, 60_000);
  await expect(end).rejects.toThrow(`Nothing answers at ${url}. Check the address.`);
  expect(said).toEqual([]);
});

it('leaves everything else to its caller: a name that does not exist, another program', async () => {
  await waiting('http://no-such-host.invalid', 60_000).end;
  const port = await freePort();
  await serve(
    createServer((_, response) => response.writeHead(503).end('busy')),
    port,
  );
  const { said, end } = waiting(`http://127.0.0.1:${port}`, 60_000);
  await end;
  expect(said).toEqual([]);
});

it('ends with the reason of its signal', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const reason = new Error('stopped');
  const controller = new AbortController();
  const { end } = waiting(url, 60_000, controller.signal);
  controller.abort(reason);
  await expect(end).rejects.toBe(reason);
});
