import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DebuggerClient } from '../../../test/support/debugger-client.ts';
import { startNode } from '../../../test/support/node-process.ts';
import { until } from '../../../test/support/until.ts';
import { freePort, listen } from '../engines/free-port.ts';
import { LocalFunction } from '../lambda/function.ts';
import { afterTest, folderWith } from '../lambda/function-under-test.fixture.ts';
import { makeInspectedFolder } from './inspected-folder.ts';
import { inspectedIdleLimits, inspectorsFor } from './inspector.ts';

async function inspected(source: string, timeoutMs = 10_000) {
  const [inspector] = await inspectorsFor([{ functionName: 'f', port: await freePort() }]);
  if (inspector === undefined) throw new Error('There is no inspector.');
  const logs: string[] = [];
  const localFunction = new LocalFunction(
    {
      name: 'f',
      arn: 'arn',
      runtime: 'nodejs24.x',
      codeFolder: folderWith(source),
      handler: 'index.handler',
      timeoutMs,
      memorySizeMb: 128,
      environment: { MINE: 'yes' },
      maximumInstances: 1,
      isInspected: true,
    },
    {
      onLog: (line) => logs.push(line),
      onInvoked: () => undefined,
      startInstance: inspector.start,
      idleLimits: inspectedIdleLimits,
    },
  );
  afterTest(() => localFunction.stop());
  const invoke = async (event: unknown = {}) => {
    const { payload, functionError } = await localFunction.invoke(JSON.stringify(event));
    return { functionError, result: JSON.parse(payload) };
  };
  const attach = async () => {
    const client = await DebuggerClient.attach(inspector.port);
    afterTest(() => client.detach());
    return client;
  };
  return { inspector, localFunction, invoke, attach, logs };
}

describe('an inspected function', () => {
  it('has only its own environment', async () => {
    const { invoke } = await inspected('exports.handler = async () => ({ ...process.env })');
    expect((await invoke()).result).toEqual({ MINE: 'yes' });
  });

  it('reports errors and log lines as others do, and nothing about the inspector', async () => {
    const { localFunction, invoke, logs } = await inspected(
      `exports.handler = async () => { console.log('out'); throw new TypeError('no') }`,
    );
    expect(await localFunction.load()).toBe(true);
    expect(await invoke()).toMatchObject({
      functionError: 'Unhandled',
      result: { errorType: 'TypeError', errorMessage: 'no', trace: expect.any(Array) },
    });
    await until(
      () => logs,
      (lines) => lines.length > 0,
    );
    expect(logs).toEqual(['out']);
  });

  it('that does not load says why', async () => {
    const { invoke } = await inspected('throw new RangeError("bad")');
    expect(await invoke()).toMatchObject({ result: { errorType: 'RangeError', errorMessage: 'bad' } });
  });

  it.each([
    ['exits', 'process.exit(7)', /exited/],
    ['rejects outside its promise', `Promise.reject(new Error('lost'))`, /lost/],
  ])('that %s fails its invocation, and starts again', async (_, code, message) => {
    const { invoke } = await inspected(`exports.handler = async (event) => {
      if (event.ok) return 'ok';
      ${code};
      await new Promise(() => undefined);
    }`);
    expect(await invoke()).toMatchObject({
      functionError: 'Unhandled',
      result: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(message) },
    });
    expect((await invoke({ ok: true })).result).toBe('ok');
  });

  it('is stopped by a debugger for longer than its timeout, and then answers', async () => {
    const { invoke, attach, localFunction } = await inspected(
      `exports.handler = async (event, context) => {
        const value = event.a + 1;
        return { value, isLate: context.getRemainingTimeInMillis() === 0 };
      }`,
      50,
    );
    await localFunction.load();
    const debug = await attach();
    const script = [...debug.scripts.values()].find(({ url }) => url.endsWith('/index.js'));
    await debug.call('Debugger.setBreakpointByUrl', { url: script?.url, lineNumber: 2 });
    const answer = invoke({ a: 1 });
    const { callFrames } = await debug.paused();
    const evaluated = await debug.call<{ result: { value: unknown } }>('Debugger.evaluateOnCallFrame', {
      callFrameId: callFrames[0]?.callFrameId,
      expression: 'value',
    });
    expect(evaluated.result.value).toBe(2);
    // The timeout of a function that is not inspected would be over.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await debug.call('Debugger.resume');
    expect((await answer).result).toEqual({ value: 2, isLate: false });
  });

  it('runs new code on the same port after a reload, also when a debugger has stopped the old code', async () => {
    const { invoke, attach, localFunction } = await inspected(
      `exports.handler = async () => {\n  return 'old';\n}`,
    );
    await localFunction.load();
    const debug = await attach();
    const script = [...debug.scripts.values()].find(({ url }) => url.endsWith('/index.js'));
    await debug.call('Debugger.setBreakpointByUrl', { url: script?.url, lineNumber: 1 });
    const old = invoke();
    await debug.paused();
    const reloaded = localFunction.reload(folderWith(`exports.handler = async () => 'new'`));
    const next = invoke();
    await debug.call('Debugger.resume');
    expect((await old).result).toBe('old');
    expect(await reloaded).toBe(true);
    expect((await next).result).toBe('new');
    const again = await attach();
    expect([...again.scripts.values()].some(({ url }) => url.endsWith('/index.js'))).toBe(true);
  });

  it('runs rebuilt code in the folder of a project of ES modules', async () => {
    const { invoke, localFunction } = await inspected(`exports.handler = async () => 'old'`);
    const project = folderWith('');
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    const codeFolder = join(await makeInspectedFolder(project), 'bundles/f/1');
    mkdirSync(codeFolder, { recursive: true });
    writeFileSync(join(codeFolder, 'index.js'), `module.exports = { handler: async () => 'new' }`);
    expect(await localFunction.reload(codeFolder)).toBe(true);
    expect((await invoke()).result).toBe('new');
  });

  it('whose code never loads is replaced by a reload, and its invocations run the new code', async () => {
    const { invoke, localFunction, logs } = await inspected(`console.log('loads'); for (;;);`);
    const waiting = invoke();
    await until(
      () => logs,
      (lines) => lines.includes('loads'),
    );
    expect(await localFunction.reload(folderWith(`exports.handler = async () => 'new'`))).toBe(true);
    expect((await waiting).result).toBe('new');
  });

  it('does not hold a stop while a reload waits for its debugger', async () => {
    const { invoke, attach, localFunction } = await inspected('exports.handler = async () => { debugger; }');
    await localFunction.load();
    const debug = await attach();
    const answer = invoke();
    await debug.paused();
    const reloaded = localFunction.reload(folderWith('exports.handler = async () => 1'));
    const next = invoke();
    await localFunction.stop();
    await reloaded;
    expect((await answer).functionError).toBe('Unhandled');
    expect((await next).functionError).toBe('Unhandled');
  });

  it('gets one invocation at a time, also after a reload', async () => {
    const { invoke, attach, localFunction } = await inspected('exports.handler = async () => { debugger; }');
    await localFunction.load();
    const debug = await attach();
    const first = invoke();
    await debug.paused();
    void localFunction.reload(folderWith(`exports.handler = async () => 'new'`));
    await until(
      () => localFunction.instanceCount,
      (count) => count === 2,
    );
    const next = invoke();
    expect(await localFunction.killRunning()).toBe(1);
    expect((await first).functionError).toBe('Unhandled');
    expect((await next).result).toBe('new');
  });

  it('ends with the host while a debugger has stopped it', async () => {
    const { invoke, attach, localFunction, inspector } = await inspected(
      'exports.handler = async () => { debugger; }',
    );
    await localFunction.load();
    const debug = await attach();
    const answer = invoke();
    await debug.paused();
    await localFunction.stop();
    expect((await answer).functionError).toBe('Unhandled');
    expect(await freePort(inspector.port)).toBe(inspector.port);
  });

  async function hostOf(source: string, whenStarted: string) {
    const port = await freePort();
    const codeFolder = folderWith(source);
    const host = startNode([
      '--input-type=module',
      '-e',
      `import { Inspector } from ${JSON.stringify(join(import.meta.dirname, 'inspector.ts'))};
       const instance = new Inspector({ functionName: 'f', port: ${port} }).start({
         threadData: { codeFolder: ${JSON.stringify(codeFolder)}, handler: 'index.handler', functionArn: 'arn' },
         environment: {}, memorySizeMb: 128, onLog: (line) => console.log(line), onCrash: console.log,
       });
       ${whenStarted}`,
    ]);
    afterTest(() => host.end('SIGKILL'));
    await until(host.output, (output) => output.includes('loaded'));
    await expect(freePort(port)).rejects.toThrow('is in use');
    const untilPortIsFree = () =>
      until(
        () => freePort(port).catch(() => undefined),
        (free) => free !== undefined,
      );
    return { host, untilPortIsFree };
  }

  it('ends when the host is killed', async () => {
    const { host, untilPortIsFree } = await hostOf(
      'exports.handler = async () => 1',
      `await instance.loaded(); console.log('loaded');`,
    );
    await host.end('SIGKILL');
    await untilPortIsFree();
  });

  it('ends in a loop when the host gives up to stop it', async () => {
    const { host, untilPortIsFree } = await hostOf(
      `console.log('not loaded'); for (;;);`,
      `process.on('SIGTERM', () => process.exit(1));`,
    );
    await host.end('SIGTERM');
    await untilPortIsFree();
  });

  it('listens on the loopback address only, and refuses other names for it', async () => {
    const { localFunction, inspector } = await inspected('exports.handler = async () => 1');
    await localFunction.load();
    // `fetch` sends no other Host.
    const get = request({ port: inspector.port, path: '/json/list', headers: { host: 'attacker.example' } });
    const [response] = await once(get.end(), 'response');
    response.resume();
    expect(response.statusCode).toBe(400);
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (elsewhere === undefined) return;
    const outside = request({ host: elsewhere.address, port: inspector.port, path: '/json/list' }).end();
    await expect(once(outside, 'response')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the ports of inspectors', () => {
  it('are different, and none that is in use', async () => {
    const inspectors = await inspectorsFor([{ functionName: 'api' }, { functionName: 'publisher' }]);
    const [first = 0, second = 0] = inspectors.map(({ port }) => port);
    expect(first).toBeGreaterThanOrEqual(9229);
    expect(second).toBeGreaterThan(first);
  });

  it('that are in use are refused', async () => {
    const server = createServer();
    afterTest(() => server.close());
    const port = await listen(server, 0, '');
    await expect(inspectorsFor([{ functionName: 'api', port }])).rejects.toThrow(
      `Port ${port} is in use: stop the program that uses it, or choose another port with --inspect NAME:PORT`,
    );
  });
});
