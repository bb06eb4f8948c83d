import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RebuilderRequest } from '../../schema/projections.ts';
import { type NodeProcess, startNode } from '../../test/support/node-process.ts';
import { until } from '../../test/support/until.ts';
import { FakeRebuilder } from './fake-rebuilder.fixture.ts';

let rebuilder: FakeRebuilder;
let server: Server;
/** Invocations that fail, counted down. */
let failures: number;
beforeEach(async () => {
  rebuilder = new FakeRebuilder(() => Date.now());
  failures = 0;
  // The API of Lambda as far as the command line uses it.
  server = createServer(async (request, response) => {
    const body = await text(request);
    const answer =
      request.method === 'GET'
        ? { FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:streamfold-local-rebuilder' }
        : rebuilder.answer(JSON.parse(body) as RebuilderRequest);
    if (request.method === 'POST' && failures > 0) {
      failures -= 1;
      response.setHeader('x-amz-function-error', 'Unhandled');
      return void response.end(JSON.stringify({ errorMessage: 'the store is slow' }));
    }
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
const started: NodeProcess[] = [];
afterEach(async () => {
  for (const command of started.splice(0)) await command.end('SIGKILL');
  server.close();
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function start(...args: readonly string[]): NodeProcess {
  const command = startNode(['tools/projections/main.ts', ...args]);
  started.push(command);
  return command;
}

async function run(...args: readonly string[]) {
  const command = start(...args);
  const code = await command.exitCode;
  return { code, output: command.output() };
}

describe('npm run projections', () => {
  it('ends with 0, and prints one JSON object on stdout', async () => {
    rebuilder.settleMs = 10;
    const command = start('rebuild', 'ledger', '--json', '--endpoint', endpoint());
    let printed = '';
    command.child.stdout?.on('data', (chunk) => {
      printed += chunk;
    });
    expect({ code: await command.exitCode, output: command.output() }).toMatchObject({ code: 0 });
    expect(JSON.parse(printed)).toMatchObject({
      rebuilt: [{ readModel: 'ledger', generation: 'g2', switched: true }],
    });
    expect(rebuilder.statusOf('ledger')).toMatchObject({ active: 'g2', previous: 'g1' });
  });

  it('stopped by a signal, ends with 130 and leaves what it has begun', async () => {
    rebuilder.settleMs = 60_000;
    const command = start('rebuild', 'ledger', '--endpoint', endpoint());
    await until(command.output, (output) => output.includes('Waiting until all projectors write g2'));
    command.child.kill('SIGINT');
    expect({ code: await command.exitCode, output: command.output() }).toEqual({
      code: 130,
      output: expect.stringContaining('Stopped. What is built stays'),
    });
    expect(rebuilder.statusOf('ledger').building).toMatchObject({ generation: 'g2', phase: 'following' });
  });

  it('stopped while a repair waits, ends with 130 and reports what was mended', async () => {
    Object.assign(rebuilder, { settleMs: 60_000, damage: [['balance']] });
    const command = start('repair', 'ledger/a', '--json', '--endpoint', endpoint());
    let printed = '';
    command.child.stdout?.on('data', (chunk) => {
      printed += chunk;
    });
    await until(command.output, (output) => output.includes('Waiting until projectors'));
    command.child.kill('SIGINT');
    expect({ code: await command.exitCode, output: command.output() }).toMatchObject({ code: 130 });
    expect(JSON.parse(printed)).toMatchObject({
      ...{ stream: 'ledger/a', repetitions: [], settled: false, repeatAt: expect.stringMatching(/Z$/) },
      generations: [{ readModel: 'ledger', fields: ['balance'] }, { fields: [] }],
    });
  });

  it.each<[number, string, readonly string[]]>([
    [0, 'npm run projections -- COMMAND', ['--help']],
    [1, 'There is no "ledgr" to rebuild.', ['rebuild', 'ledgr']],
    [1, "Unknown option '--fast'", ['rebuild', 'ledger', '--fast']],
    [2, "Unknown option '--fast'", ['verify-log', '--fast']],
    [2, 'Nothing answers at http://127.0.0.1:1.', ['status', '--endpoint', 'http://127.0.0.1:1']],
  ])('ends with %d: %s', async (code, sentence, args) => {
    expect(await run(...args)).toEqual({ code, output: expect.stringContaining(sentence) });
  });

  it('asks again when the function fails, and says so', async () => {
    failures = 1;
    expect(await run('status', '--endpoint', endpoint())).toEqual({
      code: 0,
      output: expect.stringContaining('failed: the store is slow. Asks again in 1 s, attempt 2 of 6.\n'),
    });
  });

  it('ends with 2 when the function fails at what must not be repeated', async () => {
    failures = 1;
    expect(await run('undo', 'ledger', '--endpoint', endpoint())).toEqual({
      code: 2,
      output: expect.stringContaining('It may have been done all the same: look at "status".'),
    });
  });

  it('ends with 1 when the function refuses', async () => {
    expect(await run('switch', 'ledger', '--endpoint', endpoint())).toEqual({
      code: 1,
      output: 'No generation of ledger is compared and ready.\n',
    });
  });
});
