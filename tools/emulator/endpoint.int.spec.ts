import { createServer } from 'node:http';
import { afterEach, expect, it } from '@jest/globals';
import { freePort, listen } from '../host/engines/free-port.ts';
import { findEmulator } from './endpoint.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A server that answers some paths as emulators do, and others with 404. */
async function serverWith(...healthPaths: readonly string[]): Promise<string> {
  const server = createServer((request, response) => {
    const isHealth = healthPaths.includes(request.url ?? '');
    response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' });
    response.end(isHealth ? '{"services":{}}' : '{}');
  });
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${await listen(server, 0, '--port')}`;
}

it('recognizes MiniStack, which answers requests for LocalStack too', async () => {
  const endpoint = await serverWith('/_ministack/health', '/_localstack/health');
  expect(await findEmulator(endpoint)).toBe('MiniStack');
});

it('recognizes LocalStack', async () => {
  expect(await findEmulator(await serverWith('/_localstack/health'))).toBe('LocalStack');
});

it('refuses any other program', async () => {
  const endpoint = await serverWith('/health');
  await expect(findEmulator(endpoint)).rejects.toThrow(
    `The program at ${endpoint} is not an emulator of AWS`,
  );
});

it('says how to start an emulator when none answers', async () => {
  const endpoint = `http://localhost:${await freePort()}`;
  const answer = expect(findEmulator(endpoint)).rejects;
  await answer.toThrow(
    `No emulator answers at ${endpoint}: start MiniStack with "npm run emulator", or LocalStack with "docker compose -f localstack.yml up"`,
  );
});

it('refuses an endpoint that is not a URL', async () => {
  await expect(findEmulator('localhost:4566')).rejects.toThrow('--endpoint must be a URL');
});
