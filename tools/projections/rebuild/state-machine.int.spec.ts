import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RebuildMachine } from './state-machine.ts';

const machineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:streamfold-dev-rebuild';
type Call = { readonly operation: string; readonly input: Record<string, unknown> };

let server: Server;
let calls: Call[];
let answer: (call: Call) => object;
beforeEach(async () => {
  calls = [];
  server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
    const call: Call = { operation, input: JSON.parse(await text(request)) };
    calls.push(call);
    const body = answer(call);
    response.writeHead('__type' in body ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
});

const machine = () =>
  new RebuildMachine({
    functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:streamfold-dev-rebuilder',
    stage: 'dev',
    client: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    signal: new AbortController().signal,
  });
const input = { readModel: 'ledger', segments: 16, switch: true } as const;
const runs = (readModel: string) => ({
  ListExecutions: { executions: [{ executionArn: 'running', startDate: 1_790_000_000 }] },
  DescribeExecution: { input: JSON.stringify({ readModel }) },
  StartExecution: { executionArn: 'started' },
});

describe('the state machine of a stage', () => {
  it('is started beside those of other read models', async () => {
    const answers: Readonly<Record<string, object>> = runs('todo');
    answer = ({ operation }) => answers[operation] ?? {};
    expect(await machine().start(input)).toBe('started');
    expect(calls.at(-1)).toEqual({
      operation: 'StartExecution',
      input: { stateMachineArn: machineArn, input: JSON.stringify(input) },
    });
  });

  it('is not started twice for one read model', async () => {
    const answers: Readonly<Record<string, object>> = runs('ledger');
    answer = ({ operation }) => answers[operation] ?? {};
    await expect(machine().start(input)).rejects.toMatchObject({
      name: 'Refused',
      message: expect.stringMatching(/^A rebuild of ledger runs since 2026-.*Z\. Follow it with "status"\.$/),
    });
    expect(calls.map(({ operation }) => operation)).not.toContain('StartExecution');
  });

  it('that does not exist is one sentence', async () => {
    answer = () => ({ __type: 'StateMachineDoesNotExist', message: 'none' });
    await expect(machine().start(input)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`The state machine ${machineArn} does not exist here`),
    });
  });
});
