import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { accountId, credentials, region } from '../host/aws-json.ts';
import { poll } from '../host/poll.ts';
import { makeTemporaryFolder } from '../host/temporary-folder.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { type CdkTarget, cdk } from './cdk.ts';
import { settingsFor } from './http-api.ts';

const answerTimeoutMs = 120_000;
const pollMs = 500;

/** A request for the deployed function's health, as API Gateway would send it. */
export const healthEvent = {
  version: '2.0',
  rawPath: '/health',
  requestContext: { http: { method: 'GET', path: '/health' } },
};

export interface DeployOptions extends CdkTarget {
  /** A stage of `lib/platform/stages.ts`. */
  readonly stage: string;
  /** Settings that override those of the stage, as JSON. */
  readonly settings?: string;
  /** Called with what the person who deploys has to know, before anything is changed. */
  readonly say?: (sentence: string) => void;
}

/** A deployed stack. */
export interface Deployment {
  readonly stackName: string;
  readonly apiFunctionName: string;
  /** The URL of the HTTP API: a path below the endpoint. Undefined if the stack has none. */
  readonly httpUrl?: string;
}

/**
 * Deploys the app to an emulator, or updates it there, and waits until its functions answer. Where the emulator refuses API Gateway V2,
 * the app has no HTTP API, unless the settings choose.
 * @throws {UserError} when the CLI fails or the functions do not answer in time.
 */
export async function deploy({ stage, settings, say, ...target }: DeployOptions): Promise<Deployment> {
  const stackName = stackNameOf(stage);
  const chosen = await settingsFor({ ...target, stackName, settings, say: say ?? (() => undefined) });
  // Bootstrapping does not depend on the app.
  await cdk(target, 'bootstrap', `aws://${accountId}/${region}`, '--app', '');
  const folder = await makeTemporaryFolder();
  try {
    const outputsFile = join(folder, 'outputs.json');
    const context = contextOf(stage, chosen);
    const unattended = ['--require-approval', 'never', '--outputs-file', outputsFile];
    await cdk(target, 'deploy', stackName, ...context, ...unattended, '--output', join(folder, 'assembly'));
    const outputs = JSON.parse(await readFile(outputsFile, 'utf8'))[stackName];
    const deployment: Deployment = {
      stackName,
      apiFunctionName: outputs.ApiFunctionName,
      ...(outputs.HttpApiUrl !== undefined && { httpUrl: httpUrlOf(target.endpoint, outputs.HttpApiUrl) }),
    };
    await untilAnswering(target, deployment.apiFunctionName);
    return deployment;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the stack of a stage, with its data unless the stage protects them. @throws {UserError} */
export async function destroy({ stage, settings, ...target }: DeployOptions): Promise<void> {
  const folder = await makeTemporaryFolder();
  try {
    const context = contextOf(stage, settings);
    await cdk(target, 'destroy', stackNameOf(stage), ...context, '--force', '--output', folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function stackNameOf(stage: string): string {
  return `streamfold-${stage}`;
}

function contextOf(stage: string, settings: string | undefined): string[] {
  return ['-c', `stage=${stage}`, ...(settings === undefined ? [] : ['-c', `settings=${settings}`])];
}

/**
 * The URL of the HTTP API as a path below the endpoint. Its own host name cannot be resolved, and MiniStack itself answers
 * `/health` under that name.
 */
function httpUrlOf(endpoint: string, httpApiUrl: string): string {
  const [apiId] = new URL(httpApiUrl).hostname.split('.');
  return `${endpoint}/_aws/execute-api/${apiId}/$default`;
}

async function untilAnswering({ endpoint, signal }: CdkTarget, functionName: string): Promise<void> {
  const client = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  const ask = async () => {
    const answer = await askHealth(client, functionName, signal);
    signal?.throwIfAborted();
    return answer;
  };
  try {
    await poll(ask, ({ isHealthy }) => isHealthy, {
      timeoutMs: answerTimeoutMs,
      intervalMs: pollMs,
      onTimeout: ({ text }) =>
        new UserError(
          `${functionName} is deployed, but is not healthy after ${answerTimeoutMs / 1_000} s. Its last answer was: ${text}`,
        ),
    });
  } finally {
    client.destroy();
  }
}

/** Whether a direct invocation of `GET /health` answers 200, and what it answered. */
async function askHealth(client: LambdaClient, FunctionName: string, signal?: AbortSignal) {
  try {
    const invocation = new InvokeCommand({ FunctionName, Payload: JSON.stringify(healthEvent) });
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const abortSignal = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const { Payload } = await client.send(invocation, { abortSignal });
    const text = Payload?.transformToString() ?? '';
    return { isHealthy: JSON.parse(text).statusCode === 200, text };
  } catch (error) {
    if (error instanceof TooManyRequestsException) await refuseStopped(client, FunctionName);
    return { isHealthy: false, text: messageOf(error) };
  }
}

/** A function whose reserved concurrency is 0 never answers. @throws {UserError} if this is one. */
async function refuseStopped(client: LambdaClient, FunctionName: string): Promise<void> {
  const found = await client.send(new GetFunctionConcurrencyCommand({ FunctionName })).catch(() => undefined);
  if (found?.ReservedConcurrentExecutions !== 0) return;
  throw new UserError(
    `${FunctionName} is deployed, and is not asked for its health: its reserved concurrency is 0, so it does not run. "aws lambda delete-function-concurrency --function-name ${FunctionName}" lets it run.`,
  );
}
