import { createServer } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import { freePort, listen } from '../../engines/free-port.ts';
import { seedDemo } from './demo.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A server whose accounts do not exist, and that answers commands with a status. */
async function answering(status: number, body: object): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.method === 'GET' ? 404 : status);
    response.end(JSON.stringify(request.method === 'GET' ? {} : body));
  });
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${await listen(server, 0, '--http')}`;
}

const seed = (httpUrl: string, signal = new AbortController().signal) =>
  seedDemo({ httpUrl }, { say: () => undefined, signal });

it('a refused command ends the seed, with a sentence that names the command', async () => {
  const url = await answering(400, { type: 'urn:streamfold:problem:x', detail: 'No such currency.' });
  await expect(seed(url)).rejects.toThrow(
    /^The demo data are incomplete: POST \/(ledger|metrics|dispenses) is answered 400: No such currency\. Start again to continue\.$/,
  );
});

it('a host that is gone ends the seed', async () => {
  await expect(seed(`http://127.0.0.1:${await freePort()}`)).rejects.toThrow(/is not answered: /);
});

it('a stop ends the seed', async () => {
  await expect(seed(await answering(503, {}), AbortSignal.timeout(200))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});
