import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.ts';
import { folderWith, functionOf } from './function-under-test.fixture.ts';

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
