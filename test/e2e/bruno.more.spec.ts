import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scopeNames } from '../../schema/scopes.ts';
import type { Host } from '../../tools/host/host.ts';
import {
  type CollectionRun,
  collectionDeadlineMs,
  failuresOfRun,
  runCollection,
} from '../support/bruno-collection.ts';
import { startSignatureGate } from '../support/signature-gate.ts';
import { startTestHost } from '../support/test-host.ts';

const hostStartDeadlineMs = 60_000;
/** Leaves time to report the output of a run that was killed. */
const testDeadlineMs = collectionDeadlineMs + 10_000;
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2lu/+==',
};
const region = 'eu-central-1';
const bearerToken = 'header.payload.signature';

let host: Host;
beforeAll(async () => {
  host = await startTestHost();
}, hostStartDeadlineMs);
afterAll(() => host.stop());

/** Runs the collection or some of its folders, and expects every request to succeed. */
async function expectSuccess(run: CollectionRun): Promise<void> {
  expect(await failuresOfRun(run)).toEqual([]);
}

/** The collection in its `aws` environment, against a host that requires signatures or a token. */
async function runOnAws(
  run: Pick<CollectionRun, 'sandbox' | 'folders' | 'variables' | 'processEnvironment'>,
) {
  const upstreams = { 'execute-api': host.httpUrl, lambda: host.awsUrl };
  await using cleanup = new AsyncDisposableStack();
  const gate = await startSignatureGate({ credentials, region, bearerToken, upstreams });
  cleanup.defer(gate.stop);
  const variables = {
    baseUrl: gate.url,
    awsUrl: gate.url,
    apiFunction: 'streamfold-local-api',
    awsRegion: region,
    ...run.variables,
  };
  await expectSuccess({ ...run, environment: 'aws', variables });
  return gate.admitted;
}

const secrets = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
};

it(
  'every request of the collection succeeds on the local host',
  () => expectSuccess({ variables: { baseUrl: host.httpUrl, awsUrl: host.awsUrl }, sandbox: 'safe' }),
  testDeadlineMs,
);

it(
  'every request succeeds by direct invocation, without an HTTP API',
  async () => {
    const variables = { baseUrl: 'http://localhost:1', awsUrl: host.awsUrl, invoke: 'direct' };
    await expectSuccess({ variables, sandbox: 'developer' });
  },
  testDeadlineMs,
);

describe('on a host that needs tokens', () => {
  let guarded: Host;
  beforeAll(async () => {
    guarded = await startTestHost({ auth: true });
  }, hostStartDeadlineMs);
  afterAll(() => guarded?.stop());
  const run = (token: string | undefined) => ({
    environment: 'local-auth',
    variables: { baseUrl: guarded.httpUrl, awsUrl: guarded.awsUrl },
    sandbox: 'developer' as const,
    processEnvironment: { STREAMFOLD_TOKEN: token ?? '' },
  });
  const token = () => guarded.issueToken?.({ subject: 'bruno', scopes: scopeNames, minutes: 60 });

  it('every request succeeds with a token', () => expectSuccess(run(token())), testDeadlineMs);

  it(
    'every request succeeds by direct invocation, as an operator without a token',
    async () => {
      const { variables, ...direct } = run('');
      await expectSuccess({ ...direct, variables: { ...variables, invoke: 'direct' } });
    },
    testDeadlineMs,
  );

  it(
    'says that a token is missing',
    async () => {
      const { results } = await runCollection({ ...run(undefined), folders: ['system'] });
      expect(results.map(({ error }) => error)).toContainEqual(expect.stringContaining('STREAMFOLD_TOKEN'));
    },
    testDeadlineMs,
  );
});

it(
  'signs every request to AWS with the credentials of the process',
  async () => {
    const admitted = await runOnAws({ variables: {}, sandbox: 'developer', processEnvironment: secrets });
    expect(admitted).toEqual({ signed: expect.any(Number), bearer: 0 });
  },
  testDeadlineMs,
);

it(
  "signs invocations too, with the environment's own credentials",
  async () => {
    const variables = { ...credentials, invoke: 'direct' };
    const admitted = await runOnAws({ variables, sandbox: 'developer', folders: ['prescription', 'ledger'] });
    expect(admitted).toEqual({ signed: expect.any(Number), bearer: 0 });
  },
  testDeadlineMs,
);

it(
  "signs binary bodies in the default sandbox of Bruno's app",
  async () => {
    await runOnAws({
      variables: {},
      sandbox: 'safe',
      folders: ['prescription'],
      processEnvironment: secrets,
    });
  },
  testDeadlineMs,
);

it.each([
  ['the environment', { token: bearerToken }, {}],
  ['the process', {}, { STREAMFOLD_TOKEN: bearerToken }],
])(
  'sends the token of %s to the HTTP API, and signs requests to Lambda',
  async (_where, variables, processToken) => {
    const processEnvironment = { ...secrets, ...processToken };
    const run = { variables, sandbox: 'safe', folders: ['system'], processEnvironment } as const;
    expect(await runOnAws(run)).toEqual({ signed: 1, bearer: 4 });
  },
  testDeadlineMs,
);

it(
  'says what is missing when there are no credentials',
  async () => {
    const noSecrets = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
    const { results } = await runCollection({
      environment: 'aws',
      variables: { baseUrl: host.httpUrl },
      sandbox: 'safe',
      folders: ['system'],
      processEnvironment: noSecrets,
    });
    expect(results.map(({ error }) => error)).toEqual(
      results.map(() => expect.stringContaining('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')),
    );
  },
  testDeadlineMs,
);
