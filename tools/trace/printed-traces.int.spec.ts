import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { plain } from '../host/terminal-text.ts';
import { UserError } from '../host/user-error.ts';
import { printedTraces } from './printed-traces.ts';
import type { TraceQuery } from './query.ts';
import { urlOf } from './receiver-url.ts';

const traceId = 'a'.repeat(32);
const query: TraceQuery = { by: 'commit', id: 'ledger/a@1' };

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** Answers each question with the next of these, the last one again and again. Returns the URL, and what was asked. */
async function receiver(...answers: (readonly [status: number, body: unknown])[]) {
  const asked: (string | undefined)[] = [];
  const listener: RequestListener = (request, response) => {
    const [status, body] = answers[Math.min(asked.push(request.url), answers.length) - 1] ?? [500, ''];
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const print = (url: string) => printedTraces(url, query, { paint: plain });
const none = [404, { code: 5, message: 'None.' }] as const;
/** The answer with spans that end this long ago. */
const spans = (agoMs: number, ...ids: number[]) => {
  const startTimeUnixNano = String(BigInt(Date.now() - agoMs) * 1_000_000n);
  const each = (id: number) => ({
    ...{ traceId, spanId: id.toString(16).padStart(16, '0'), name: `step ${id}` },
    ...{ startTimeUnixNano, endTimeUnixNano: startTimeUnixNano },
  });
  return [200, { resourceSpans: [{ scopeSpans: [{ spans: ids.map(each) }] }] }] as const;
};

describe('traces of a receiver', () => {
  it('are printed at once if they are complete', async () => {
    const { url, asked } = await receiver(spans(5_000, 1));
    expect((await print(`${url}/`)).at(-1)).toContain('step 1');
    expect(asked).toEqual(['/traces?commit=ledger%2Fa%401']);
  });

  it('are waited for, also while they grow', async () => {
    const { url, asked } = await receiver(none, none, spans(0, 1), spans(5_000, 1, 2));
    const lines = await print(url);
    expect(lines.filter((line) => line.includes('step'))).toHaveLength(2);
    expect(asked).toHaveLength(4);
  });

  it('are printed as far as they are if they grow for ever', async () => {
    const { url } = await receiver(spans(-60_000, 1));
    expect((await print(url)).at(-1)).toContain('step 1');
  });

  it('that are not there are a sentence', async () => {
    const { url } = await receiver(none);
    await expect(print(url)).rejects.toThrow(
      /^No trace of ledger\/a@1\. The host keeps the newest spans only.* A commit is named by the version/,
    );
  });

  it('say how many spans cannot be shown', async () => {
    const { url } = await receiver(spans(5_000, 0, 1));
    expect((await print(url)).at(-1)).toBe('Spans without valid ids or times, not shown: 1.');
    server?.close();
    const { url: other } = await receiver(spans(5_000, 0));
    await expect(print(other)).rejects.toThrow('All spans of ledger/a@1 lack valid ids or times.');
  });

  it.each([
    [404, '<html>Not found</html>'],
    [404, { message: 'no gRPC code' }],
    [200, '{"resourceSpans":['],
    [200, {}],
    [500, 'Internal server error'],
    [200, 'null'],
  ])('are not read from a server that answers %d %j', async (status, body) => {
    const { url } = await receiver([status, body]);
    await expect(print(url)).rejects.toThrow(
      new UserError(`${url} is not the receiver of a host: it answers ${status}.`),
    );
  });

  it('are not read where nobody answers', async () => {
    const { url } = await receiver(none);
    server?.close();
    server?.closeAllConnections();
    await expect(print(url)).rejects.toThrow(
      /does not answer \(.*ECONNREFUSED.*\)\. Does the host still run\?/,
    );
  });
});

it('a host has a receiver, or a sentence says where to look', () => {
  expect(urlOf({ httpPort: 3000, tracesPort: 4000 })).toBe('http://localhost:4000');
  expect(() => urlOf({ httpPort: 3000 })).toThrow(
    /at port 3000 keeps no traces\. If it was started with --otlp/,
  );
});
