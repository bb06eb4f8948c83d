import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../../tools/host/engines/free-port.ts';

/** The words of LocalStack where the plan of the token lacks a service. */
export const notInPlan =
  'Sorry, the apigatewayv2 service is not included within your LocalStack license, but is available in an upgraded license.';

/** An emulator as LocalStack's free plan shows it. */
export interface FreePlan {
  readonly endpoint: string;
  /** How often a call of API Gateway V2 was refused. */
  readonly refused: () => number;
  stop(): void;
}

/** Passes everything on to MiniStack, except calls of API Gateway V2, which LocalStack's free plan refuses. It names itself LocalStack. */
export async function freePlanOf(ministack: string): Promise<FreePlan> {
  let refused = 0;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/v2/')) {
      refused += 1;
      const body = JSON.stringify({ __type: 'InternalFailure', message: notInPlan });
      response.writeHead(501, { 'content-type': 'application/json' }).end(body);
    } else if (request.url?.startsWith('/_ministack/')) {
      response.writeHead(404).end();
    } else {
      passOn(request, response, new URL(ministack), agent);
    }
  });
  const port = await listen(server, 0, '--port');
  return {
    endpoint: `http://localhost:${port}`,
    refused: () => refused,
    stop: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

function passOn(request: IncomingMessage, response: ServerResponse, to: URL, agent: http.Agent): void {
  const { method, url: path, headers } = request;
  const options = { host: to.hostname, port: to.port, method, path, headers, agent };
  const passed = http.request(options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  request.on('error', () => passed.destroy());
  request.pipe(passed);
}
