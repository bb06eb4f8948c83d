import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.ts';
import { type FunctionConfiguration, LocalFunction } from './function.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folderWith(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-function-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.js'), source);
  return folder;
}

function functionOf(source: string, overrides: Partial<FunctionConfiguration> = {}) {
  const logs: string[] = [];
  const localFunction = new LocalFunction(
    {
      name: 'f',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      runtime: 'nodejs24.x',
      codeFolder: folderWith(source),
      handler: 'index.handler',
      timeoutMs: 10_000,
      memorySizeMb: 128,
      environment: { MINE: 'yes', AWS_LAMBDA_FUNCTION_NAME: 'f' },
      maximumInstances: 2,
      ...overrides,
    },
    { onLog: (line) => logs.push(line), onInvoked: () => undefined },
  );
  cleanups.push(() => localFunction.stop());
  const invoke = async (event: unknown = {}) => {
    const { payload, functionError } = await localFunction.invoke(JSON.stringify(event));
    return { functionError, result: JSON.parse(payload) };
  };
  return { localFunction, invoke, logs };
}

describe('a function', () => {
  it('gets its event and a context', async () => {
    const { invoke } = functionOf(`exports.handler = async (event, context) => ({
      event, arn: context.invokedFunctionArn, name: context.functionName,
      hasId: context.awsRequestId.length === 36, remainingMs: context.getRemainingTimeInMillis(),
    })`);
    const { result, functionError } = await invoke({ a: 1 });
    expect(functionError).toBeUndefined();
    expect(result).toMatchObject({
      event: { a: 1 },
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      name: 'f',
      hasId: true,
    });
    expect(result.remainingMs).toBeGreaterThan(0);
    expect(result.remainingMs).toBeLessThanOrEqual(10_000);
  });

  it('has only its own environment', async () => {
    const { invoke } = functionOf('exports.handler = async () => process.env');
    expect((await invoke()).result).toEqual({ MINE: 'yes', AWS_LAMBDA_FUNCTION_NAME: 'f' });
  });

  it('reports its errors as Lambda does', async () => {
    const { invoke } = functionOf(`exports.handler = async () => { throw new TypeError('no') }`);
    const { result, functionError } = await invoke();
    expect(functionError).toBe('Unhandled');
    expect(result).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
    expect(result.trace[0]).toBe('TypeError: no');
  });

  it('is ended at its timeout, and starts again', async () => {
    const source = `let count = 0;
      exports.handler = async (event) => { count++; while (event.hang); return count }`;
    const { invoke } = functionOf(source, { timeoutMs: 300, maximumInstances: 1 });
    expect((await invoke()).result).toBe(1);
    const { result, functionError } = await invoke({ hang: true });
    expect(functionError).toBe('Unhandled');
    expect(result).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/Task timed out after 0.30 seconds$/),
    });
    expect((await invoke()).result).toBe(1);
  });

  it.each([
    ['exits', 'process.exit(7)', /exit status 7/],
    ['throws outside its promise', `setImmediate(() => { throw new Error('lost') })`, /lost/],
  ])('that %s fails its invocation, and starts again', async (_, code, message) => {
    const { invoke } = functionOf(`exports.handler = async (event) => {
      if (event.ok) return 'ok';
      ${code};
      await new Promise(() => undefined);
    }`);
    const { result, functionError } = await invoke();
    expect(functionError).toBe('Unhandled');
    expect(result).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(message),
    });
    expect((await invoke({ ok: true })).result).toBe('ok');
  });

  it('that is killed in the middle fails its invocation, and starts again', async () => {
    const { localFunction, invoke, logs } = functionOf(`exports.handler = async (event) => {
      if (event.ok) return 'ok';
      console.log('runs');
      await new Promise(() => undefined);
    }`);
    expect((await invoke({ ok: true })).result).toBe('ok');
    expect(await localFunction.killRunning()).toBe(0);
    const running = invoke();
    await until(
      () => logs,
      ({ length }) => length === 1,
    );
    expect(await localFunction.killRunning()).toBe(1);
    expect(await running).toMatchObject({
      functionError: 'Unhandled',
      result: { errorType: 'Runtime.ExitError' },
    });
    expect((await invoke({ ok: true })).result).toBe('ok');
  });

  it.each([
    ['does not load', `throw new Error('broken')`, 'broken'],
    ['has no such export', 'exports.other = 1', 'index.handler is undefined or not exported'],
  ])('whose code %s fails with the reason', async (_, source, message) => {
    const { invoke } = functionOf(source);
    expect(await invoke()).toMatchObject({ functionError: 'Unhandled', result: { errorMessage: message } });
  });

  it('handles one event at a time in each instance, and has no more instances than its bound', async () => {
    const { invoke } = functionOf(`const { threadId } = require('node:worker_threads');
      let running = 0;
      exports.handler = async () => {
        running++;
        await new Promise((resolve) => setTimeout(resolve, 20));
        const seen = running--;
        return { seen, threadId };
      }`);
    const results = await Promise.all(Array.from({ length: 8 }, async () => (await invoke()).result));
    expect(results.map(({ seen }) => seen)).toEqual(Array(8).fill(1));
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(2);
  });

  it('refuses what Lambda refuses', async () => {
    const { localFunction } = functionOf('exports.handler = () => new Promise(() => undefined)');
    const attempt = (payload: string) => async () => localFunction.invoke(payload);
    // Two run and a thousand wait.
    for (let count = 0; count < 1_002; count++) void localFunction.invoke('{}');
    await expect(attempt('{}')).rejects.toMatchObject({ code: 'TooManyRequestsException', statusCode: 429 });
    await expect(attempt('{')).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
    await expect(attempt(`"${'x'.repeat(6 * 1024 * 1024)}"`)).rejects.toMatchObject({ statusCode: 413 });
  });

  it('answers invocations while others run for long', async () => {
    const { invoke } = functionOf(
      `exports.handler = ({ long }) => long ? new Promise(() => undefined) : 'short'`,
    );
    void invoke({ long: true });
    expect((await invoke({})).result).toBe('short');
    expect((await invoke({})).result).toBe('short');
  });

  it.each([
    ['that wait for something', 'new Promise(() => undefined)'],
    ['that compute', '(() => { for (;;); })()'],
  ])('answers invocations %s, and those that wait for them, when it is stopped', async (_, work) => {
    const { localFunction, invoke, logs } = functionOf(
      `exports.handler = () => { console.log('runs'); return ${work} }`,
      { maximumInstances: 1, timeoutMs: 900_000 },
    );
    const [running, waiting] = [invoke(), invoke()];
    if (work.startsWith('new'))
      await until(
        () => logs,
        ({ length }) => length === 1,
      );
    await localFunction.stop();
    const stopped = { functionError: 'Unhandled', result: { errorType: 'Runtime.ExitError' } };
    expect(await Promise.all([running, waiting, invoke()])).toMatchObject([stopped, stopped, stopped]);
  });

  it('finishes running invocations with the old code after a reload', async () => {
    const { localFunction, invoke } = functionOf(`exports.handler = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, event.ms));
      return 'old';
    }`);
    const running = invoke({ ms: 200 });
    await localFunction.reload(folderWith(`exports.handler = async () => 'new'`));
    expect((await invoke({ ms: 0 })).result).toBe('new');
    expect((await running).result).toBe('old');
    expect((await invoke({ ms: 0 })).result).toBe('new');
  });

  it('passes its log lines on', async () => {
    const { invoke, logs } = functionOf(
      `exports.handler = async () => { console.log('out'); console.error('err') }`,
    );
    await invoke();
    await until(
      () => logs,
      ({ length }) => length === 2,
    );
    expect(logs.sort()).toEqual(['err', 'out']);
  });
});
