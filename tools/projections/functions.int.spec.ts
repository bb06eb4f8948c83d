import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LambdaFunctions } from './functions.ts';
import { PassingFault } from './passing-fault.ts';
import { Stopped } from './stopped.ts';

interface Answer {
  readonly status?: number;
  readonly error?: string;
  readonly functionError?: boolean;
  readonly body: object | string;
}

let server: Server;
let asked: { readonly path: string; readonly body: string }[];
/** What the endpoint answers, one after the other; the last one stays. Undefined: it ends the connection. */
let answers: (Answer | undefined)[];
const stop = new AbortController();

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    asked.push({ path: request.url ?? '', body: await text(request) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) return void request.socket.destroy();
    const { status = 200, error, functionError, body } = answer;
    response.writeHead(status, {
      ...(error && { 'x-amzn-errortype': error }),
      ...(functionError && { 'x-amz-function-error': 'Unhandled' }),
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const functions = (at = endpoint(), signal = stop.signal) =>
  new LambdaFunctions({
    stage: 'x',
    client: { endpoint: at, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
    signal,
  });
const invoke = () => functions().invoke('rebuilder', { action: 'status' });
const timedOut = { functionError: true, body: { errorMessage: 'Task timed out after 900.00 seconds' } };

describe('invoking a function', () => {
  it('sends the request and returns the answer', async () => {
    answers = [{ body: { done: true } }];
    expect(await invoke()).toEqual({ done: true });
    expect(asked).toEqual([
      { path: '/2015-03-31/functions/streamfold-x-rebuilder/invocations', body: '{"action":"status"}' },
    ]);
  });

  it.each<[string, (Answer | undefined)[], number]>([
    [
      'throttling',
      [{ status: 429, error: 'TooManyRequestsException', body: {} }, { body: { done: true } }],
      2,
    ],
    ['a lost connection', [undefined, { body: { done: true } }], 2],
  ])('tries again after %s', async (_name, given, calls) => {
    answers = given;
    expect(await invoke()).toEqual({ done: true });
    expect(asked).toHaveLength(calls);
  });

  it('sends a request once that must not be repeated', async () => {
    answers = [undefined, { body: {} }];
    const undone = functions().invoke('rebuilder', { action: 'undo', readModel: 'ledger' });
    await expect(undone).rejects.toBeInstanceOf(PassingFault);
    expect(asked).toHaveLength(1);
  });

  it('says whether it sent a request more than once', async () => {
    let repetitions = 0;
    const repair = () =>
      functions().invoke('rebuilder', { action: 'repair' }, () => {
        repetitions += 1;
      });
    answers = [{ body: {} }];
    await repair();
    expect({ repetitions, asked: asked.length }).toEqual({ repetitions: 0, asked: 1 });
    answers = [undefined, { body: {} }];
    await repair();
    expect({ repetitions, asked: asked.length }).toEqual({ repetitions: 1, asked: 3 });
  });

  it.each<[string, Answer, string, boolean]>([
    [
      'fails',
      { functionError: true, body: { errorMessage: 'no table' } },
      'The function streamfold-x-rebuilder failed: no table',
      true,
    ],
    ['times out', timedOut, 'failed: Task timed out after 900.00 seconds', true],
    [
      'answers no JSON',
      { body: 'hello' },
      'The function streamfold-x-rebuilder answered what is no JSON.',
      false,
    ],
    [
      'does not exist',
      { status: 404, error: 'ResourceNotFoundException', body: {} },
      'The function streamfold-x-rebuilder does not exist here: the stage is not deployed',
      false,
    ],
    [
      'may not be invoked',
      { status: 403, error: 'AccessDeniedException', body: { Message: 'not authorized' } },
      'The function streamfold-x-rebuilder cannot be called: not authorized',
      false,
    ],
  ])('that %s is one sentence', async (_name, answer, message, isPassing) => {
    answers = [answer];
    const error: unknown = await invoke().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringContaining(message) });
    expect(error instanceof PassingFault).toBe(isPassing);
    expect(asked).toHaveLength(1);
  });

  it('says that nothing answers', async () => {
    const at = endpoint();
    server.close();
    await once(server, 'close');
    await expect(functions(at).arn('api')).rejects.toThrow(`Nothing answers at ${at}.`);
    // A host that starts again.
    const undone = functions(at).invoke('rebuilder', { action: 'undo', readModel: 'ledger' });
    await expect(undone).rejects.toBeInstanceOf(PassingFault);
  });

  it('knows the ARN', async () => {
    answers = [{ body: { FunctionArn: 'arn:aws:lambda:us-east-1:0:function:streamfold-x-api' } }];
    expect(await functions().arn('api')).toBe('arn:aws:lambda:us-east-1:0:function:streamfold-x-api');
  });

  it('stops waiting for an answer when a signal comes', async () => {
    const signal = new AbortController();
    server.removeAllListeners('request');
    server.on('request', () => signal.abort(new Stopped()));
    await expect(functions(endpoint(), signal.signal).invoke('rebuilder', {})).rejects.toBeInstanceOf(
      Stopped,
    );
    server.closeAllConnections();
  });
});
