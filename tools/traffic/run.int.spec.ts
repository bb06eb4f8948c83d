import { createServer } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import { HttpApiRoutes } from '../host/endpoints/routes.ts';
import { listen } from '../host/engines/free-port.ts';
import { parseOptions } from './options.ts';
import { runTraffic } from './run.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

it.each([
  [new HttpApiRoutes().notFound, 'This app has no HTTP API, and traffic needs one'],
  ['Not Found', 'This is not Streamfold: GET /health answers 404.'],
])('says what a server is that it cannot drive: %s', async (message, said) => {
  const server = createServer((_, response) => response.writeHead(404).end(JSON.stringify({ message })));
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const options = parseOptions(['--url', `http://127.0.0.1:${await listen(server, 0, '--http')}`]);
  if (options === 'help') throw new Error('no options');
  const run = runTraffic(options, new AbortController().signal, () => undefined);
  await expect(run).rejects.toThrow(said);
});
