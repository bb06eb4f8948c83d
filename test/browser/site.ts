import { createServer } from 'node:http';
import { listen } from '../../tools/host/engines/free-port.ts';

/** A web site with one empty page, at every name that leads to its port. */
export interface Site {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const server = createServer((_, response) => {
    // `/open` shows that a page can read what is open to it.
    response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' });
    response.end('<!doctype html><title>a site</title>');
  });
  const port = await listen(server, 0, '');
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, stop };
}
