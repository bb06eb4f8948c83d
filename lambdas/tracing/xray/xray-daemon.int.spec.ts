import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { boundMs } from '../../../test/support/patience.ts';

it('the daemon of X-Ray gets a segment for each invocation, step and call, in the trace of the invocation', async () => {
  const segments: { id: string; name: string; parent_id: string; trace_id: string }[] = [];
  const daemon = createSocket('udp4');
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  daemon.on('message', (message) => {
    // A header, and a segment.
    segments.push(JSON.parse(message.toString().split('\n')[1] ?? ''));
    if (segments.length === 10) resolve();
  });
  await new Promise<void>((bound) => daemon.bind(0, '127.0.0.1', bound));
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'traced-invocation.fixture.ts')], {
    env: {
      ...{ TRACING: 'xray', AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}` },
      ...{ LAMBDA_TASK_ROOT: '/var/task', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    },
    timeout: boundMs(20_000),
  });
  await complete;
  daemon.close();
  const shown = segments.map((segment) => {
    const parent = segments.find(({ id }) => id === segment.parent_id)?.name ?? segment.parent_id;
    return [segment.trace_id.at(-1), segment.name, parent];
  });
  const ofOne = (digit: string) => [
    [digit, '## POST', '53995c3f42cd8ad8'],
    [digit, 'DynamoDB.Query', 'hydrate'],
    [digit, 'decide', '## POST'],
    [digit, 'hydrate', '## POST'],
    [digit, 'project', '## POST'],
  ];
  expect(shown.toSorted()).toEqual([...ofOne('1'), ...ofOne('2')]);
  expect(segments).toContainEqual(
    expect.objectContaining({
      name: 'DynamoDB.Query',
      aws: { operation: 'Query', request_id: 'r1', retries: 1 },
    }),
  );
});
