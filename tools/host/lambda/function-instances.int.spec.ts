import { describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.ts';
import { folderWith, functionOf } from './function-under-test.fixture.ts';
import { Instance } from './instance.ts';

const hang = 'await new Promise(() => undefined)';

describe('the instances of a function', () => {
  it('ends the instances without work: spare ones soon, the last one later', async () => {
    const source = `const { threadId } = require('node:worker_threads');
      exports.handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return threadId }`;
    const { invoke, localFunction } = functionOf(source, { idleLimits: { spareMs: 20, lastMs: 100_000 } });
    const ids = await Promise.all([invoke({ ms: 50 }), invoke({ ms: 50 })]);
    expect(new Set(ids.map(({ result }) => result)).size).toBe(2);
    await until(
      () => localFunction.instanceCount,
      (count) => count === 1,
    );
    expect(ids.map(({ result }) => result)).toContain((await invoke({ ms: 0 })).result);
  });

  it('that loads for longer than a spare instance lives is not ended meanwhile', async () => {
    const source = 'const end = Date.now() + 300; while (Date.now() < end); throw new Error("late")';
    const { localFunction, told } = functionOf(source, { idleLimits: { spareMs: 20, lastMs: 100 } });
    expect(await localFunction.load()).toBe(false);
    expect(told).toEqual([expect.stringContaining('Error: late')]);
  });

  it('that was only loaded ends soon', async () => {
    const { localFunction } = functionOf('exports.handler = async () => 1', {
      idleLimits: { spareMs: 20, lastMs: 100_000 },
    });
    expect(await localFunction.load()).toBe(true);
    await until(
      () => localFunction.instanceCount,
      (count) => count === 0,
    );
  });

  it('without work for long has no instance, and starts one when it has work again', async () => {
    const { invoke, localFunction } = functionOf(`exports.handler = async () => 'runs'`, {
      idleLimits: { spareMs: 10, lastMs: 30 },
    });
    await invoke();
    await until(
      () => localFunction.instanceCount,
      (count) => count === 0,
    );
    expect((await invoke()).result).toBe('runs');
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

  it('runs no more invocations at the same time after a reload than before', async () => {
    const { localFunction, invoke } = functionOf(`exports.handler = async () => { ${hang} }`, {
      maximumInstances: 1,
    });
    const running = invoke();
    await localFunction.reload(folderWith(`exports.handler = async () => 'new'`));
    const next = invoke();
    expect(await localFunction.killRunning()).toBe(1);
    expect((await running).functionError).toBe('Unhandled');
    expect((await next).result).toBe('new');
  });

  it('does not use an instance that is being ended', async () => {
    const instance = new Instance({
      threadData: {
        codeFolder: folderWith('exports.handler = () => 1'),
        handler: 'index.handler',
        functionArn: 'arn',
      },
      environment: {},
      memorySizeMb: 128,
      onLog: () => undefined,
      onCrash: () => undefined,
    });
    await instance.loaded();
    expect(instance.isAlive).toBe(true);
    const stopped = instance.stop();
    expect(instance.isAlive).toBe(false);
    await stopped;
  });
});
