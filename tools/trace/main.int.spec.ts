import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNode } from '../../test/support/node-process.ts';
import { startTestHost, type TestHost } from '../../test/support/test-host.ts';
import { until } from '../../test/support/until.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
});
afterAll(() => host.stop());

const httpPort = () => new URL(host.httpUrl).port;

async function run(...args: readonly string[]) {
  const command = startNode(['tools/trace/main.ts', ...args]);
  const code = await command.exitCode;
  return { code, output: command.output() };
}

/** Credits a new account. */
async function credited() {
  const account = randomUUID();
  const correlationId = randomUUID();
  const response = await fetch(`${host.httpUrl}/ledger/${account}/credits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-correlation-id': correlationId },
    body: JSON.stringify({ amount: 1 }),
  });
  expect(response.status).toBe(201);
  return { correlationId, commit: `ledger/${account}@1` };
}

/** What the lines of spans say. Times and bars differ each time. */
const said = (output: string) =>
  output.split('\n').flatMap((line) => /^ *[\d.,]+ +[\d.,]+ +━+ +(.+)$/.exec(line)?.[1] ?? []);

describe('npm run trace', () => {
  it('prints a credit from the request to both read models, found by each of its ids', async () => {
    const ends = ['ledger-projector: project ledger', 'todo-projector: project todo-ledger'];
    const { correlationId, commit, output } = await until(
      async () => {
        const made = await credited();
        return { ...made, output: (await run(made.correlationId, '--http', httpPort())).output };
      },
      (answer) => ends.every((end) => answer.output.includes(`${end}  ${answer.commit}`)),
    );
    const [, traceId = ''] = /^Trace ([\da-f]{32}), /.exec(output) ?? [];
    const steps = [
      'api: POST /ledger/{id}/credits  201',
      'hydrate',
      'decide',
      'append',
      'publisher: publish event-stream',
      'ledger-projector: project ledger',
    ];
    const lines = said(output);
    const places = steps.map((step) => lines.findIndex((line) => line.startsWith(step)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(output).toContain('In the batch of publisher, ');
    for (const id of [traceId, commit]) {
      const other = await run(id, '--http', httpPort());
      expect({ id, ...other }).toEqual({ id, code: 0, output });
    }
    expect(await run(correlationId, '--from', host.tracesUrl ?? '')).toEqual({ code: 0, output });
  });

  it.each([
    [[randomUUID()], 1, 'No trace of correlation id '],
    [['ledger/nobody@1'], 1, 'No trace of ledger/nobody@1. '],
    [['first'], 1, '"first" is neither a correlation id'],
    [['--help'], 0, 'Prints a trace of the local host'],
  ])('%j ends with a sentence', async (args, code, sentence) => {
    const ended = await run(...args, ...(code === 0 ? [] : ['--http', httpPort()]));
    expect(ended).toEqual({ code, output: expect.stringMatching(new RegExp(`^${sentence}`)) });
  });

  it('ends with a sentence where no host runs', async () => {
    expect(await run('ledger/nobody@1', '--http', '1')).toEqual({
      code: 1,
      output: expect.stringMatching(/^No host runs at port 1\./),
    });
  });
});
