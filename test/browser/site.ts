import { createServer } from 'node:http';
import { listen } from '../../tools/host/engines/free-port.ts';

/** A web site with one empty page, at every name that leads to its port. */
export interface Site {
  readonly port: number;
  /** What browsers have loaded ahead: `Sec-Purpose` and path of each request, such as `prefetch /a`. */
  readonly loadedAhead: readonly string[];
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const loadedAhead: string[] = [];
  const server = createServer(({ headers, url }, response) => {
    const { 'sec-purpose': purpose } = headers;
    if (purpose !== undefined) loadedAhead.push(`${purpose} ${url}`);
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
  return { port, loadedAhead, stop };
}
