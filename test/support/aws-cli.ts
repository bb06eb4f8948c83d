import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { emulatorEnvironment } from '../../tools/emulator/aws-environment.ts';
import { boundMs } from './patience.ts';

const run = promisify(execFile);
const timeoutMs = 60_000;

/** What the AWS CLI finds at an endpoint: names in alphabetical order. */
export interface Infrastructure {
  readonly tables: readonly string[];
  readonly streams: readonly string[];
  readonly functions: readonly string[];
  readonly buckets: readonly string[];
  readonly queues: readonly string[];
}

/** Lists the resources at an endpoint with the commands of the tour. */
export async function infrastructureAt(endpoint: string, python: string): Promise<Infrastructure> {
  const list = async (...args: readonly string[]): Promise<string[]> =>
    JSON.parse((await aws(endpoint, python, ...args)) || '[]') ?? [];
  return {
    tables: (await list('dynamodb', 'list-tables', '--query', 'TableNames')).sort(),
    streams: (await list('kinesis', 'list-streams', '--query', 'StreamNames')).sort(),
    functions: (await list('lambda', 'list-functions', '--query', 'Functions[].FunctionName')).sort(),
    // One line for each bucket: date, time, name.
    buckets: [...(await aws(endpoint, python, 's3', 'ls')).matchAll(/\S+$/gm)].map(String).sort(),
    queues: (await list('sqs', 'list-queues', '--query', 'QueueUrls'))
      .map((url) => url.replace(/.*\//, ''))
      .sort(),
  };
}

/** The output of a command of the AWS CLI. Rejects with its stderr when it fails. */
export async function aws(endpoint: string, python: string, ...args: readonly string[]): Promise<string> {
  const command = ['-m', 'awscli', '--endpoint-url', endpoint, '--output', 'json', ...args];
  const { stdout } = await run(python, command, {
    env: emulatorEnvironment(endpoint),
    timeout: boundMs(timeoutMs),
  });
  return stdout;
}
