import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Deployment, deploy, destroy } from '../../tools/emulator/deploy.ts';
import { findEmulator } from '../../tools/emulator/endpoint.ts';
import { type Ministack, startMinistack } from '../../tools/emulator/ministack.ts';
import { accountId, region } from '../../tools/host/aws-json.ts';
import { aws, infrastructureAt } from '../support/aws-cli.ts';
import { collectionDeadlineMs, failuresOfRun } from '../support/bruno-collection.ts';
import { expectTheStacksInfrastructure } from '../support/expected-infrastructure.ts';
import { httpClient } from '../support/http-client.ts';
import { keptLog } from '../support/kept-log.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { readersOf } from '../support/reader-processes.ts';
import { SlowAnalysis, unread } from '../support/slow-analysis.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const deployDeadlineMs = 240_000;
/** `cdk bootstrap` creates it, and `cdk destroy` does not remove it. */
const assetsBucket = `cdk-hnb659fds-assets-${accountId}-${region}`;

describeWithPython('the app, deployed to MiniStack by the CDK CLI', () => {
  let python: string;
  let ministack: Ministack;
  let deployment: Deployment;
  const httpUrl = () => deployment.httpUrl ?? 'no HTTP API';
  const request = httpClient(httpUrl);
  const log = keptLog();
  const deployWith = (settings?: object) =>
    deploy({
      endpoint: ministack.endpoint,
      stage: 'local',
      onOutput: log,
      ...(settings && { settings: JSON.stringify(settings) }),
    });

  beforeAll(async () => {
    python = await installedPython();
    ministack = await startMinistack({ port: 0, python, onOutput: log });
    expect(await findEmulator(ministack.endpoint)).toBe('MiniStack');
    deployment = await deployWith();
  }, installDeadlineMs + deployDeadlineMs);
  afterAll(() => ministack?.stop());

  it('has the tables, streams, functions, buckets and queues of the stack', async () => {
    expectTheStacksInfrastructure(await infrastructureAt(ministack.endpoint, python), [assetsBucket]);
  }, 60_000);

  it(
    'answers the whole request collection over its HTTP API',
    async () => {
      const variables = { baseUrl: httpUrl(), awsUrl: ministack.endpoint };
      expect(await failuresOfRun({ environment: 'emulator', variables, sandbox: 'developer' })).toEqual([]);
    },
    collectionDeadlineMs + 10_000,
  );

  it(
    'keeps its data when it is deployed again with another setting',
    async () => {
      const id = 'kept-by-a-deploy';
      await request('POST', `/ledger/${id}/credits`, { amount: 34 });
      await until(
        () => request('GET', `/ledger/${id}`),
        ({ status }) => status === 200,
      );
      const before = await infrastructureAt(ministack.endpoint, python);
      expect(await logLevelOfTheApi()).toBe('INFO');

      deployment = await deployWith({ logLevel: 'DEBUG', generationSettleSeconds: 5 });

      expect(await logLevelOfTheApi()).toBe('DEBUG');
      expect(await infrastructureAt(ministack.endpoint, python)).toEqual(before);
      expect((await request('GET', `/ledger/${id}`)).body).toMatchObject({ balance: '34.00', version: 2 });
      await request('POST', `/ledger/${id}/debits`, { amount: 4 });
      const { body } = await until(
        () => request('GET', `/ledger/${id}`),
        (reply) => reply.body['version'] === 3,
      );
      expect(body).toMatchObject({ balance: '30.00', version: 3 });
    },
    deployDeadlineMs,
  );

  it(
    'rebuilds a read model by the state machine, and queries answer from the new generation',
    async () => {
      const id = 'kept-by-a-deploy';
      const before = (await request('GET', `/ledger/${id}`)).body;
      const { executionArn } = await states<{ executionArn: string }>(
        'start-execution',
        ...[
          '--state-machine-arn',
          `arn:aws:states:${region}:${accountId}:stateMachine:streamfold-local-rebuild`,
        ],
        ...['--input', JSON.stringify({ readModel: 'ledger', segments: 3, switch: true })],
      );
      const execution = ['--execution-arn', executionArn];
      const ended = await until(
        () => states<{ status: string; cause?: string }>('describe-execution', ...execution),
        ({ status }) => status !== 'RUNNING',
        100_000,
      );
      expect(ended).toMatchObject({ status: 'SUCCEEDED' });
      const [status] = (await invoke('rebuilder', { action: 'status' })) as object[];
      expect(status).toMatchObject({ active: 'g2', previous: 'g1', parked: 0 });
      // Queries follow within two seconds, and both generations have the account.
      await request('POST', `/ledger/${id}/credits`, { amount: 1 });
      const { body } = await until(
        () => request('GET', `/ledger/${id}`),
        (reply) => reply.body['version'] === 4,
      );
      expect(body).toMatchObject({ balance: '31.00' });
      expect(before).toMatchObject({ balance: '30.00', version: 3 });
      await refusesAnUnknownReadModel();
    },
    deployDeadlineMs,
  );

  /** An execution that is refused fails with the sentence. */
  async function refusesAnUnknownReadModel(): Promise<void> {
    const machine = `arn:aws:states:${region}:${accountId}:stateMachine:streamfold-local-rebuild`;
    const input = JSON.stringify({ readModel: 'sales', segments: 1 });
    const { executionArn } = await states<{ executionArn: string }>(
      ...(['start-execution', '--state-machine-arn', machine, '--input', input] as const),
    );
    const ended = await until(
      () => states<{ status: string; cause?: string }>('describe-execution', '--execution-arn', executionArn),
      ({ status }) => status !== 'RUNNING',
    );
    expect(ended).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('ledger, metrics') });
  }

  async function states<Answer>(command: string, ...options: string[]): Promise<Answer> {
    return JSON.parse(await aws(ministack.endpoint, python, 'stepfunctions', command, ...options));
  }

  async function invoke(name: string, event: object): Promise<unknown> {
    const url = `${ministack.endpoint}/2015-03-31/functions/streamfold-local-${name}/invocations`;
    return (await fetch(url, { method: 'POST', body: JSON.stringify(event) })).json();
  }

  it(
    'answers the whole request collection by direct invocation',
    async () => {
      const variables = { invoke: 'direct', baseUrl: 'http://localhost:1', awsUrl: ministack.endpoint };
      expect(await failuresOfRun({ environment: 'emulator', variables, sandbox: 'developer' })).toEqual([]);
    },
    collectionDeadlineMs + 10_000,
  );

  it(
    'records that an analysis failed whose function was killed twice, and asks a person',
    async () => {
      const [queue] = await analysisQueues();
      const hide = ['--queue-url', queue ?? '', '--attributes', 'VisibilityTimeout=3'];
      await aws(ministack.endpoint, python, 'sqs', 'set-queue-attributes', ...hide);
      const analysis = await SlowAnalysis.begin(httpUrl());
      const killed = new Set<number>();
      const result = await analysis.result(deployDeadlineMs / 2, async () => {
        // The process of the function, not its reader.
        for (const { parent } of await readersOf(ministack.folder)) {
          killed.add(parent);
          killIfAlive(parent);
        }
      });
      expect(result).toMatchObject(unread);
      expect(killed.size).toBeGreaterThanOrEqual(2);
      await analysis.expectReview();
    },
    deployDeadlineMs,
  );

  const analysisQueues = async (): Promise<string[]> => {
    const urls: string[] = JSON.parse(
      await aws(ministack.endpoint, python, 'sqs', 'list-queues', '--query', 'QueueUrls'),
    );
    return urls.filter((url) => /AnalysisQueue[0-9A-F]{8}(-|$)/.test(url));
  };

  it(
    'leaves no resource when it is destroyed',
    async () => {
      await destroy({ endpoint: ministack.endpoint, stage: 'local', onOutput: log });
      const left = await infrastructureAt(ministack.endpoint, python);
      expect(left).toEqual({ tables: [], streams: [], functions: [], buckets: [assetsBucket], queues: [] });
    },
    deployDeadlineMs,
  );

  it('leaves no process when the emulator stops', async () => {
    expect(await processesOf(ministack.folder)).not.toEqual([]);
    await ministack.stop();
    await expect(fetch(ministack.endpoint)).rejects.toThrow('fetch failed');
    await until(
      () => processesOf(ministack.folder),
      (left) => left.length === 0,
    );
  });

  async function logLevelOfTheApi(): Promise<string> {
    const name = ['--function-name', deployment.apiFunctionName];
    const query = ['--query', 'Environment.Variables.LOG_LEVEL'];
    return JSON.parse(
      await aws(ministack.endpoint, python, 'lambda', 'get-function-configuration', ...name, ...query),
    );
  }
});

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The command lines that name a folder: the functions that MiniStack runs do. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'args']);
  return stdout.split('\n').filter((line) => line.includes(folder));
}
