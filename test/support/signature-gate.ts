import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { listen } from '../../tools/host/engines/free-port.ts';

/** The credentials of a caller. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request to be signed. */
export interface SignedRequest {
  readonly method: string;
  /** As it is sent. */
  readonly path: string;
  /** As it is sent, without the question mark. */
  readonly query: string;
  /** The headers to be signed, by lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly service: string;
  readonly region: string;
  readonly date: Date;
}

/** The `Authorization` header that the AWS SDK sends. */
export async function authorizationBySdk(request: SignedRequest, credentials: Credentials): Promise<string> {
  const { service, region, date, path, query, ...rest } = request;
  const client = new LambdaClient({ region, credentials: { ...credentials } });
  try {
    const signer = await client.config.signer();
    const byName = Map.groupBy(new URLSearchParams(query), ([name]) => name);
    const bag = [...byName].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]);
    const signed = await signer.sign(
      {
        ...rest,
        protocol: 'https:',
        hostname: '',
        path,
        query: Object.fromEntries(bag),
        headers: { ...rest.headers },
      },
      { signingDate: date, signingService: service, signingRegion: region },
    );
    return signed.headers['authorization'] ?? '';
  } finally {
    client.destroy();
  }
}

export interface SignatureGateProps {
  readonly credentials: Credentials;
  readonly region: string;
  /** Accepted instead of a signature by the HTTP API. */
  readonly bearerToken: string;
  /** Where requests for a service are passed on to. */
  readonly upstreams: Readonly<Record<'execute-api' | 'lambda', string>>;
}

/** A proxy like an API of AWS: passes on requests that are signed for the right service, or have the token. */
export async function startSignatureGate(props: SignatureGateProps) {
  const admitted = { signed: 0, bearer: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const service = request.url?.startsWith('/2015-03-31/') ? 'lambda' : 'execute-api';
    const { authorization = '' } = request.headers;
    if (service === 'execute-api' && authorization === `Bearer ${props.bearerToken}`) admitted.bearer++;
    else if (await isSigned(request, body, service, props)) admitted.signed++;
    else {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'Forbidden' }));
      return;
    }
    await handOn(request, body, response, props.upstreams[service]);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const port = await listen(server, 0, '');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://localhost:${port}`, admitted, stop };
}

async function isSigned(
  request: IncomingMessage,
  body: Buffer,
  service: string,
  { region, credentials }: SignatureGateProps,
): Promise<boolean> {
  const { authorization = '', ...headers } = request.headers;
  const required = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  // The SDK uses the hash in this header instead of computing it from the body.
  const given = names.filter((name) => name !== 'x-amz-content-sha256');
  const time = String(headers['x-amz-date']);
  if (!required.every((name) => names.includes(name)) || !/^\d{8}T\d{6}Z$/.test(time)) return false;
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const expected = await authorizationBySdk(
    {
      method: request.method ?? '',
      path,
      query,
      headers: Object.fromEntries(given.map((name) => [name, String(headers[name])])),
      body,
      service,
      region,
      date: new Date(time.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5')),
    },
    credentials,
  );
  return authorization === expected;
}

async function handOn(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  upstream: string,
): Promise<void> {
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const answer = await fetch(upstream + request.url, {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>,
    redirect: 'manual',
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  const {
    connection: _c,
    'keep-alive': _k,
    'transfer-encoding': _t,
    ...kept
  } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, kept);
  response.end(Buffer.from(await answer.arrayBuffer()));
}
