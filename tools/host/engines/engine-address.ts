import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { listen, loopback } from './free-port.ts';

/**
 * The address for an engine: drawn at random from 127.0.0.0/8 at each start. Engines let every web page in, and a page cannot try
 * 2^24 addresses with all their ports. Where only 127.0.0.1 is set up (macOS), it is that one.
 */
export async function engineAddress(): Promise<string> {
  const address = randomLoopback();
  const server = createServer();
  try {
    await listen(server, 0, '', address);
  } catch {
    return loopback;
  }
  await new Promise((resolve) => server.close(resolve));
  return address;
}

/** The last byte is that of a host: neither 0 nor 255. */
function randomLoopback(): string {
  const [second = 0, third = 0, last = 0] = randomBytes(3);
  return `127.${second}.${third}.${1 + (last % 254)}`;
}
