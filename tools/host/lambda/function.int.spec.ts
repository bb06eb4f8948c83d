import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.ts';
import { FailureReports } from './failure-reports.ts';
import { type FunctionConfiguration, LocalFunction } from './function.ts';
import type { IdleLimits } from './idle-instances.ts';
import { Instance } from './instance.ts';

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

interface Options extends Partial<FunctionConfiguration> {
  readonly idleLimits?: IdleLimits;
}

function functionOf(source: string, { idleLimits, ...overrides }: Options = {}) {
  const logs: string[] = [];
  const told: string[] = [];
  const failures = new FailureReports({
    root: tmpdir(),
    warn: (line) => told.push(line),
    loadAdvice: 'Mend it.',
  });
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
    { onLog: (line) => logs.push(line), onInvoked: () => undefined, failures, idleLimits },
  );
  cleanups.push(() => localFunction.stop());
  const invoke = async (event: unknown = {}) => {
    const { payload, functionError } = await localFunction.invoke(JSON.stringify(event));
    return { functionError, result: JSON.parse(payload) };
  };
  return { localFunction, invoke, logs, told };
}

const hang = 'await new Promise(() => undefined)';

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

  it.each([
    ['throws', `throw new TypeError('broken')`, /^TypeError: broken\n {4}at \S+index\.js:1:7$/],
    ['misses a variable', 'process.env.TABLE.trim()', /^TypeError: Cannot read properties of undefined/],
    [
      'has a syntax error',
      'exports.handler = ;',
      /^SyntaxError: Unexpected token ';'\n {4}at \S+index\.js:1$/,
    ],
    [
      'requires what is missing',
      `require('./none')`,
      /^Error: Cannot find module '.\/none'\n {4}at \S+index\.js:1:\d+$/,
    ],
    ['exports another name', 'exports.other = 1', /^Error: index.handler is undefined or not exported$/],
    [
      'ends its process',
      'process.exit(3)',
      /^Runtime.ExitError: Runtime exited .* status 3 \(the code called process.exit\)$/,
    ],
  ])('whose code %s at load is told once, however many instances meet it', async (_, source, error) => {
    const { localFunction, invoke, told } = functionOf(source);
    expect(await localFunction.load()).toBe(false);
    const { failureNumber } = await localFunction.invoke('{}');
    await invoke();
    expect(told).toEqual([expect.any(String)]);
    expect(failureNumber).toBe(1);
    const [headline, ...lines] = told[0]?.split('\n  ') ?? [];
    expect(headline).toBe('Failure 1: f did not load.');
    expect(lines.pop()).toBe('Mend it.');
    expect(lines.join('\n')).toMatch(error);
  });

  it('that does not load is loaded again at a reload, and what fails then is told whole', async () => {
    const { localFunction, invoke, told } = functionOf(`throw new Error('broken')`);
    expect(await localFunction.load()).toBe(false);
    expect(await localFunction.reload(folderWith(`throw new Error('broken')`))).toBe(false);
    expect(told.map((text) => text.split('\n')[0])).toEqual([
      'Failure 1: f did not load.',
      'Failure 2: f did not load.',
    ]);
    expect(await localFunction.reload(folderWith(`exports.handler = async () => 'whole'`))).toBe(true);
    expect((await invoke()).result).toBe('whole');
    expect(told).toHaveLength(2);
  });

  it.each([
    ['throws', `throw new TypeError('no')`, /^TypeError: no\n {4}at exports.handler \(\S+index.js:2:7\)$/],
    [
      'has a cause',
      `throw new Error('no', { cause: new RangeError('far') })`,
      /^Error: no\n {4}at .*\nCaused by RangeError: far\n {4}at /,
    ],
    ['rejects', `await Promise.reject('text')`, /^string: text$/],
    [
      'lets a promise reject',
      `void Promise.reject(new Error('lost')); ${hang}`,
      /exit status 1 \(lost\)\nCaused by Error: lost\n {4}at /,
    ],
    ['ends its process', `process.exit(0); ${hang}`, /exit status 0 \(the code called process.exit\)$/],
    ['hangs', hang, /^Sandbox.Timedout: Task timed out after 0.50 seconds$/],
    [
      'needs too much memory',
      'const all = []; for (;;) all.push(new Array(1e5).fill({}).map(() => ({})))',
      /^Runtime.ExitError: Runtime ran out of memory: its MemorySize is 16 MB$/,
    ],
  ])('that %s is told, with its request', async (_, code, error) => {
    const source = `exports.handler = async () => {
${code}
}`;
    const hasHang = code === hang;
    const { localFunction, told } = functionOf(source, {
      memorySizeMb: 16,
      ...(hasHang && { timeoutMs: 500 }),
    });
    const { requestId, failureNumber } = await localFunction.invoke('{}', { origin: 'GET /health' });
    expect(failureNumber).toBe(1);
    const [headline, ...lines] = told[0]?.split('\n  ') ?? [];
    expect(headline).toBe(`Failure 1: f failed on GET /health (request ${requestId}).`);
    expect(lines.join('\n')).toMatch(error);
  });

  it('that ends between two invocations is told', async () => {
    const { invoke, told } = functionOf(`exports.handler = async (event) => {
      if (event.breaks) setTimeout(() => Promise.reject(new Error('late')), 20);
    }`);
    await invoke({ breaks: true });
    await until(
      () => told,
      ({ length }) => length === 1,
    );
    expect(told[0]).toMatch(
      /^Failure 1: f ended between two invocations\.\n {2}Runtime.ExitError: .*\n {2}Caused by Error: late\n {6}at Timeout/,
    );
    expect((await invoke()).functionError).toBeUndefined();
  });

  it('has its errors in lines of the source, if there is a source map', async () => {
    const folder = folderWith(
      `exports.handler=async()=>{throw new Error("mapped")};\n//# sourceMappingURL=index.js.map`,
    );
    const sources = [join(folder, 'lambdas/api.ts')];
    // One segment: everything comes from line 7, column 2 of the source.
    const map = { version: 3, sources, names: [], mappings: 'AAME' };
    writeFileSync(join(folder, 'index.js.map'), JSON.stringify(map));
    const { localFunction, told } = functionOf('', { codeFolder: folder });
    await localFunction.invoke('{}');
    expect(told[0]).toMatch(/Error: mapped\n {6}at .*lambdas\/api\.ts:7:3\)?$/);
  });

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
