import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AppFixture, writeApp } from '../../../test/support/app-fixture.ts';
import { aws } from '../../../test/support/aws-cli.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../../../test/support/python.ts';
import { emulatorEnvironment } from '../../emulator/aws-environment.ts';
import { findEmulator } from '../../emulator/endpoint.ts';
import { type Host, startHost } from '../host.ts';

const run = promisify(execFile);

let app: AppFixture;
let host: Host;
beforeAll(async () => {
  app = writeApp({ echo: { source: 'exports.handler = async (event) => event' } });
  host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: app.folder });
});
afterAll(async () => {
  await host?.stop();
  app?.remove();
});

describe('a deployment to the local host', () => {
  it('by deploy:local is refused with what to do instead', async () => {
    await expect(findEmulator(host.awsUrl)).rejects.toThrow(
      `The local host (npm start) runs at ${host.awsUrl}: it runs the app already, and nothing is deployed to it. To deploy the app, start an emulator at another port (npm run emulator -- --port 4567), and choose it with --endpoint http://localhost:4567.`,
    );
  });

  it('by the CDK is refused with what to do instead', async () => {
    const cli = join(import.meta.dirname, '../../../node_modules/aws-cdk/bin/cdk');
    const args = [cli, 'bootstrap', 'aws://000000000000/us-east-1', '--app', '', '--no-notices'];
    const failure = await run(process.execPath, args, { env: emulatorEnvironment(host.awsUrl) }).catch(
      (error) => error,
    );
    expect(failure.stderr).toContain('npm run emulator -- --port 4567');
  }, 120_000);
});

describe('a call in the protocol CBOR', () => {
  it('is answered in it', async () => {
    const response = await fetch(`${host.awsUrl}/service/S/operation/O`, {
      method: 'POST',
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    });
    expect(response.status).toBe(501);
    expect(response.headers.get('content-type')).toBe('application/cbor');
    const bytes = Buffer.from(await response.arrayBuffer());
    // A map of two pairs; its first key is a text of six bytes.
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from('\xa2\x79\x00\x06__type', 'latin1'));
    expect(bytes.toString()).toContain('This call is not supported. This is the local host');
  });
});

describeWithPython('the AWS CLI, asking the local host', () => {
  let python: string;
  beforeAll(async () => {
    python = await installedPython();
  }, installDeadlineMs);

  it.each([
    ['cloudformation describe-stacks', 'cloudformation:DescribeStacks is not supported.*npm run emulator'],
    ['sts get-caller-identity', 'sts:GetCallerIdentity is not supported.*npm run emulator'],
    ['iam list-roles', 'iam:ListRoles is not supported.*npm run emulator'],
    ['ssm get-parameter --name a', 'AmazonSSM.GetParameter is not supported.*npm run emulator'],
    ['logs describe-log-groups', 'Logs_20140328.DescribeLogGroups is not supported'],
    ['events list-rules', 'AWSEvents.ListRules is not supported'],
    ['stepfunctions list-state-machines', 'AWSStepFunctions.ListStateMachines is not supported'],
    ['cloudwatch list-metrics', 'is not supported'],
    ['sns list-topics', 'sns:ListTopics is not supported'],
    ['apigatewayv2 get-apis', 'apigateway is not supported'],
  ])('%s shows the sentence', async (command, sentence) => {
    const { stderr = '' } = await aws(host.awsUrl, python, ...command.split(' ')).then(
      () => ({}) as { stderr?: string },
      (error) => error as { stderr?: string },
    );
    expect(stderr).toMatch(new RegExp(`${sentence}.*`, 's'));
    expect(stderr).toContain('This is the local host (npm start)');
  });
});
