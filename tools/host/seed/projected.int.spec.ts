import { createServer, type RequestListener } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import { listen } from '../engines/free-port.ts';
import { untilProjected } from './projected.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${await listen(server, 0, '--aws')}`;
}

const accounts = [{ id: 'a', events: 10 }];
const httpUrl = 'http://localhost:3000';

it('a stop ends the wait, also while a function that a debugger has stopped does not answer', async () => {
  const stopping = new AbortController();
  const reason = new Error('stopped');
  const awsUrl = await serve((request) => {
    request.resume();
    stopping.abort(reason);
  });
  const options = { say: () => undefined, signal: stopping.signal, accounts };
  await expect(untilProjected({ awsUrl, httpUrl, hasHttpApi: true }, options)).rejects.toBe(reason);
});

it.each([
  [true, /curl .*\/ledger\/a\?version=5/],
  [
    false,
    /^The stress accounts are ready\. Invoke the function api directly to read them:\n {2}a: 10 events\n$/,
  ],
])('prints only commands that work: with an HTTP API %s', async (hasHttpApi, text) => {
  const answer = JSON.stringify({ statusCode: 200, body: JSON.stringify({ version: 10 }) });
  const awsUrl = await serve((_, response) => response.end(answer));
  const said: string[] = [];
  const options = { say: (line: string) => said.push(line), signal: new AbortController().signal, accounts };
  await untilProjected({ awsUrl, httpUrl, hasHttpApi }, options);
  expect(said).toEqual([expect.stringMatching(text)]);
});
