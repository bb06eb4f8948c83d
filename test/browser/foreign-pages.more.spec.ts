import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { credentials, region } from '../../tools/host/aws-json.ts';
import { silentConsole } from '../../tools/host/console.ts';
import { type Host, startHost } from '../../tools/host/host.ts';
import { until } from '../support/until.ts';
import { type Attempt, loadAhead, type Outcome, submitForm, tryAll, tryElements } from './attempts.ts';
import { type Browser, startBrowser, type Tab } from './browser.ts';
import { describeInBrowser } from './describe-in-browser.ts';
import { type Site, startSite } from './site.ts';
import { stateOf } from './state.ts';

/** The origin that the stage's CORS names, and one that it does not. */
const app = 'http://app.example';
const stranger = 'http://evil.example';
const startDeadlineMs = 300_000;
const json = { 'content-type': 'application/json' };

describeInBrowser('Web pages and the local host', (program) => {
  let site: Site;
  let host: Host;
  let browser: Browser;
  let tab: Tab;
  let buckets: string[];
  let engineUrls: string[];
  /** Log lines of functions: each request to one writes at least one. */
  let lines = 0;

  beforeAll(async () => {
    site = await startSite();
    host = await startHost({
      httpPort: 0,
      awsPort: 0,
      settings: { cors: { origins: [app] } },
      console: {
        ...silentConsole,
        functionLog: (name) => {
          if (name.endsWith('-api')) lines++;
        },
      },
    });
    const here = `127.0.0.1:${site.port}`;
    browser = await startBrowser(program, {
      'app.example': here,
      'evil.example:80': here,
      'evil.example': '127.0.0.1',
    });
    const s3 = new S3Client({ endpoint: host.awsUrl, region, credentials, forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    buckets = Buckets.map(({ Name = '' }) => Name);
    const functionUrl = `${host.awsUrl}/2015-03-31/functions/streamfold-local-api/configuration`;
    const { Environment } = (await (await fetch(functionUrl)).json()) as Configuration;
    const { AWS_ENDPOINT_URL_KINESIS: kinesis = '', AWS_ENDPOINT_URL_SQS: queues = '' } =
      Environment.Variables;
    engineUrls = [kinesis, queues];
    await fetch(`${host.httpUrl}/dispenses`, { method: 'POST' });
    await until(
      async () => (await (await fetch(`${host.httpUrl}/dispenses`)).json()) as { items: object[] },
      ({ items }) => items.length === 1,
      60_000,
    );
  }, startDeadlineMs);
  afterAll(async () => {
    await browser?.close();
    await host?.stop();
    await site?.stop();
  });
  beforeEach(async () => {
    tab = await browser.newTab();
  });

  /** What a page may try: with and without a preflight. */
  const attempts = (): Attempt[] => [
    ...httpAttempts(host.httpUrl),
    ...awsAttempts(host.awsUrl, buckets),
    ...engineUrls.flatMap((url) => awsAttempts(url, buckets)),
  ];

  /** Earlier commands are carried out when two looks see the same. */
  async function settledState(): Promise<object> {
    let last = '';
    return until(
      () => stateOf(host, buckets),
      (state) => {
        const isSame = JSON.stringify(state) === last;
        last = JSON.stringify(state);
        return isSame;
      },
      60_000,
    );
  }

  /** The page gets nothing, no function is called, and nothing is changed. */
  async function expectNothing(act: () => Promise<unknown>): Promise<void> {
    const before = await settledState();
    const linesBefore = lines;
    await act();
    expect(await stateOf(host, buckets)).toEqual(before);
    expect(lines).toBe(linesBefore);
  }

  const anotherPort = (): string => `http://localhost:${site.port}`;

  it.each([
    ['another site', () => stranger],
    ['another port of this machine', anotherPort],
  ])(
    'a page of %s reads nothing and changes nothing',
    async (_, origin) => {
      await tab.open(origin());
      const [open] = await tryAll(tab, [{ url: `http://127.0.0.1:${site.port}/open` }]);
      expect(open).toMatchObject({ status: 200 });
      await expectNothing(async () => {
        const outcomes = await tryAll(tab, attempts());
        expect(new Set(outcomes)).toEqual(new Set<Outcome>(['blocked', 'opaque']));
        await submitForms(tab, [host.httpUrl, host.awsUrl, ...engineUrls], buckets);
      });
    },
    startDeadlineMs,
  );

  it('frames, images, scripts, media and sockets of another site get nothing', async () => {
    await tab.open(stranger);
    const paths = [
      `${host.httpUrl}/dispenses`,
      `${host.httpUrl}/openapi.json`,
      `${host.awsUrl}/${buckets[0]}`,
    ];
    await expectNothing(async () => {
      const events = await tryElements(tab, [...paths, ...engineUrls]);
      // A frame is "loaded" with the refusal, which the page cannot read.
      expect(events.filter((event) => !/ (?:error|nothing)$/.test(event))).toEqual([
        'embed load',
        'iframe load',
      ]);
    });
  });

  const loadedAhead: readonly (readonly ['prefetch' | 'prerender', string, () => string])[] = [
    ['prefetch', 'another site', () => stranger],
    ['prefetch', 'another port of this machine', anotherPort],
    // Chromium renders no other site ahead.
    ['prerender', 'another port of this machine', anotherPort],
  ];
  it.each(loadedAhead)('%s by a page of %s gets nothing', async (action, _, origin) => {
    await tab.open(origin());
    const scope = 'X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=1';
    await expectNothing(async () => {
      const own = `/${crypto.randomUUID()}`;
      await loadAhead(tab, action, [
        `${host.httpUrl}/dispenses`,
        `${host.awsUrl}/2015-03-31/functions`,
        `${host.awsUrl}/${buckets[0]}?${scope}`,
        `http://localhost:${site.port}${own}`,
      ]);
      await until(
        () => site.loadedAhead,
        (loaded) => loaded.some((each) => each.startsWith('prefetch') && each.endsWith(` ${own}`)),
      );
    });
  });

  it('a name that was pointed at this machine reads nothing', async () => {
    for (const url of [host.httpUrl, host.awsUrl]) {
      const { port } = new URL(url);
      await tab.open(`${stranger}:${port}/dispenses`);
      expect(await tab.evaluate('location.origin')).toBe(`${stranger}:${port}`);
      await expectNothing(async () => {
        const own = [...httpAttempts(''), ...awsAttempts('', buckets)].map(({ url: path, init }) => {
          const { mode, ...rest } = init ?? {};
          return { url: path || '/', init: rest };
        });
        const statuses = (await tryAll(tab, own)).map((outcome) => Object(outcome).status);
        expect(new Set(statuses)).toEqual(new Set([421]));
      });
    }
  });

  it('a link of another site opens what holds no data, and no record', async () => {
    await tab.open(stranger);
    await follow(tab, `${host.httpUrl}/openapi.json`);
    expect(await tab.evaluate('document.body.innerText')).toContain('"openapi"');
    await tab.open(stranger);
    await expectNothing(() => follow(tab, `${host.httpUrl}/dispenses`));
    expect(await tab.evaluate('document.body.innerText')).toContain('type it into the browser');
  });

  it('the origin that the stage names may use the HTTP API, and not the AWS port', async () => {
    await tab.open(app);
    const id = crypto.randomUUID();
    const created = await tab.evaluate(`(async () => {
      const url = ${JSON.stringify(host.httpUrl)} + '/ledger/${id}';
      const headers = { 'content-type': 'application/json', 'Idempotency-Key': 'k', 'cache-control': 'no-cache' };
      const post = () => fetch(url + '/credits', { method: 'POST', headers, body: '{"amount":34}' });
      const [first, again] = [await post(), await post()];
      const read = await fetch(url, { headers });
      const missing = await fetch(url + '-none', { headers });
      return {
        posted: first.status,
        replayed: again.headers.get('idempotency-replayed'),
        etag: read.headers.get('etag'),
        balance: (await read.json()).balance,
        missing: [missing.status, (await missing.json()).status],
      };
    })()`);
    expect(created).toEqual({
      posted: 201,
      replayed: 'true',
      etag: '"2"',
      balance: '34.00',
      missing: [404, 404],
    });
    const outcomes = await tryAll(tab, [
      ...awsAttempts(host.awsUrl, buckets),
      ...awsAttempts(engineUrls[0] ?? '', []),
    ]);
    expect(new Set(outcomes)).toEqual(new Set(['blocked', 'opaque']));
  });

  it('reads a document by its link, and a person who types the address gets a file, and no page', async () => {
    await tab.open(app);
    const url = await tab.evaluate<string>(`(async () => {
      const dispenses = ${JSON.stringify(host.httpUrl)} + '/dispenses';
      const { id } = await (await fetch(dispenses, { method: 'POST' })).json();
      const url = dispenses + '/' + id + '/prescription';
      const put = await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'Ibuprofen 200 mg' });
      if (!put.ok) throw new Error(await put.text());
      return url;
    })()`);
    // The read model follows.
    const [answer] = await until(
      () => tryAll(tab, [{ url }]),
      ([outcome]) => Object(outcome).status !== 404,
    );
    expect(answer).toEqual({ status: 200, body: 'Ibuprofen 200 mg' });
    await expect(tab.open(url)).rejects.toThrow('ERR_ABORTED');
    expect(await tab.evaluate('location.origin')).toBe(new URL(app).origin);
  });
});

interface Configuration {
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** Leaves the page as a link does. */
async function follow(tab: Tab, url: string): Promise<void> {
  await tab.evaluate(`void (location.href = ${JSON.stringify(url)})`);
  await until(
    () => tab.evaluate<string>('location.href + " " + document.readyState').catch(String),
    (state) => state === `${url} complete`,
  );
}

function httpAttempts(url: string): Attempt[] {
  const credit = '{"amount":1}';
  return [
    { url: `${url}/dispenses` },
    { url: `${url}/dispenses`, init: { credentials: 'include' } },
    { url: `${url}/dispenses`, init: { mode: 'no-cors' } },
    { url: `${url}/openapi.json` },
    { url: `${url}/dispenses`, init: { method: 'POST' } },
    { url: `${url}/dispenses`, init: { method: 'POST', mode: 'no-cors' } },
    { url: `${url}/ledger/planted/credits`, init: { method: 'POST', headers: json, body: credit } },
    { url: `${url}/ledger/planted/credits`, init: { method: 'POST', mode: 'no-cors', body: credit } },
  ];
}

function awsAttempts(url: string, buckets: readonly string[]): Attempt[] {
  const event = JSON.stringify({
    version: '2.0',
    rawPath: '/dispenses',
    requestContext: { http: { method: 'POST', path: '/dispenses' } },
  });
  const signed = (service: string) =>
    `X-Amz-Credential=a%2F20260101%2Fus-east-1%2F${service}%2Faws4_request&X-Amz-Signature=1`;
  const dynamodb = (operation: string, more: object = {}): Attempt => ({
    url: `${url}/`,
    init: {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body: JSON.stringify({ TableName: 'streamfold-local-event-log', ...more }),
    },
  });
  const invocations = `${url}/2015-03-31/functions/streamfold-local-api/invocations`;
  return [
    dynamodb('ListTables'),
    dynamodb('Scan'),
    dynamodb('DeleteTable'),
    { url: `${url}/?${signed('dynamodb')}`, init: { method: 'POST', body: '{"TableName":"x"}' } },
    { url: `${url}/2015-03-31/functions` },
    { url: invocations, init: { method: 'POST', body: event } },
    { url: invocations, init: { method: 'POST', mode: 'no-cors', body: event } },
    {
      url: invocations,
      init: { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: event },
    },
    { url: `${url}/?${signed('s3')}` },
    { url: `${url}/?${signed('sqs')}`, init: { method: 'POST', mode: 'no-cors', body: 'Action=ListQueues' } },
    ...buckets.flatMap((bucket): Attempt[] => [
      { url: `${url}/${bucket}?list-type=2&${signed('s3')}` },
      { url: `${url}/${bucket}/planted?${signed('s3')}`, init: { method: 'PUT', body: 'x' } },
      { url: `${url}/${bucket}?${signed('s3')}`, init: { method: 'DELETE' } },
      {
        url: `${url}/${bucket}?delete&${signed('s3')}`,
        init: { method: 'POST', mode: 'no-cors', body: '<Delete/>' },
      },
    ]),
  ];
}

/** Forms need no preflight, in any of their three encodings. */
async function submitForms(tab: Tab, urls: readonly string[], buckets: readonly string[]): Promise<void> {
  const paths = [
    '/dispenses',
    '/2015-03-31/functions/streamfold-local-api/invocations',
    ...buckets.map((name) => `/${name}`),
  ];
  const fields = { key: 'planted', Action: 'CreateQueue', QueueName: 'planted', file: 'x' };
  for (const url of urls) {
    for (const path of paths) {
      const signed = `${url}${path}?X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=1`;
      await submitForm(tab, signed, 'application/x-www-form-urlencoded', fields);
      await submitForm(tab, signed, 'multipart/form-data', fields);
      await submitForm(tab, signed, 'text/plain', fields);
    }
  }
}
