import { type IncomingMessage, Server, type ServerResponse } from 'node:http';

const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';
const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The one version of every object of a bucket that keeps no versions. */
const onlyVersion = 'null';

/**
 * Makes the S3 of this thread answer calls about versions as AWS does for a bucket that never had versioning. The engine knows no versions: it
 * takes these calls for others, and deletes an object whatever version is named.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export function answerVersions(): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    const [request, response] = args as [IncomingMessage, ServerResponse];
    if (event === 'request' && isAboutVersions(request)) {
      answer(request, response).catch((error: unknown) => response.destroy(error as Error));
      return true;
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
}

function isAboutVersions(request: IncomingMessage): boolean {
  const { searchParams } = targetOf(request);
  if (searchParams.has('versions') || searchParams.has('versioning')) return true;
  return (searchParams.get('versionId') ?? onlyVersion) !== onlyVersion;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { searchParams } = targetOf(request);
  request.resume();
  if (searchParams.has('versionId')) {
    return refuse(response, 404, 'NoSuchVersion', 'The bucket keeps no versions.');
  }
  if (request.method !== 'GET') {
    return refuse(response, 501, 'NotImplemented', 'Buckets of this engine keep no versions.');
  }
  if (searchParams.has('versioning')) return send(response, 200, `<VersioningConfiguration ${namespace}/>`);
  await list(request, response);
}

/** Asks the engine for the objects, and answers with the version of each. */
async function list(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = targetOf(request);
  const query = new URLSearchParams({
    'list-type': '2',
    'start-after': searchParams.get('key-marker') ?? '',
  });
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = searchParams.get(name);
    if (value !== null) query.set(name, value);
  }
  const { authorization = '' } = request.headers;
  // The header `host` may name who passed the call on.
  const { localAddress, localPort } = request.socket;
  const listed = await fetch(`http://${localAddress}:${localPort}${pathname}?${query}`, {
    headers: { authorization },
  });
  const text = await listed.text();
  if (listed.status !== 200) return send(response, listed.status, text.replace(/^<\?xml[^>]*>\s*/, ''));
  send(response, 200, versionsOf(text));
}

/** The answer to ListObjectVersions from that to ListObjectsV2. */
function versionsOf(listed: string): string {
  const fields = `<VersionId>${onlyVersion}</VersionId><IsLatest>true</IsLatest>`;
  const isTruncated = listed.includes('<IsTruncated>true</IsTruncated>');
  const last = [...listed.matchAll(/<Key>([^<]*)<\/Key>/g)].at(-1)?.[1] ?? '';
  const next = `<NextKeyMarker>${last}</NextKeyMarker><NextVersionIdMarker>${onlyVersion}</NextVersionIdMarker>`;
  return listed
    .replace(/^<\?xml[^>]*>\s*/, '')
    .replace(/<(?:KeyCount|NextContinuationToken)>[^<]*<\/\w+>/g, '')
    .replaceAll('StartAfter>', 'KeyMarker>')
    .replaceAll('<Contents>', `<Version>${fields}`)
    .replaceAll('</Contents>', '</Version>')
    .replaceAll('ListBucketResult', 'ListVersionsResult')
    .replace('</ListVersionsResult>', `${isTruncated ? next : ''}</ListVersionsResult>`);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(xmlHead + xml);
}

function targetOf(request: IncomingMessage): URL {
  return new URL(`http://localhost${request.url}`);
}
