import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { emulatorEnvironment } from '../../tools/emulator/aws-environment.ts';
import { type Deployment, deploy } from '../../tools/emulator/deploy.ts';
import { type Ministack, startMinistack } from '../../tools/emulator/ministack.ts';
import { httpClient } from '../support/http-client.ts';
import { keptLog } from '../support/kept-log.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { commandBlocks, sectionsOf } from '../support/runbook.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
const { procedures } = sectionsOf(runbook);
/** The shell functions that all commands need. The names of region and stage come from the test. */
const functions = (commandBlocks(runbook)[0] ?? '').replace(/^export .*$/m, '');
const deployDeadlineMs = 300_000;
const commandsDeadlineMs = 240_000;

describeWithPython('procedures of the runbook, pasted for a stage on MiniStack', () => {
  const log = keptLog();
  let ministack: Ministack;
  let httpUrl: string;
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-runbook-'));
  const request = httpClient(() => httpUrl);

  beforeAll(async () => {
    const python = await installedPython();
    ministack = await startMinistack({ port: 0, python, onOutput: log });
    const { endpoint } = ministack;
    // The AWS CLI of the tests is version 1, which would call AWS for SQS.
    const aws = `#!/bin/sh\nexec '${python}' -m awscli --endpoint-url ${endpoint} "$@"\n`;
    writeFileSync(join(folder, 'aws'), aws, { mode: 0o755 });
    ({ httpUrl = '' } = await deployWith({}));
  }, installDeadlineMs + deployDeadlineMs);
  afterAll(async () => {
    await ministack?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs commands after the shell functions, and returns what they print. Rejects when a command or the last of a pipe fails. */
  async function shell(commands: string, cwd = folder): Promise<string> {
    const { PATH } = process.env;
    const env = {
      ...emulatorEnvironment(ministack.endpoint),
      PATH: [folder, dirname(process.execPath), PATH].join(delimiter),
      STAGE: 'local',
    };
    const script = `set -e\n${functions}\n${commands}`;
    return (await run('bash', ['-c', script], { cwd, env, timeout: commandsDeadlineMs })).stdout;
  }

  /** A block of commands of a procedure, for a stream. */
  function commandsOf(procedure: string, index: number, id = 'ID'): string {
    const commands = commandBlocks(procedures.get(procedure) ?? '')[index];
    if (commands === undefined) throw new Error(`The procedure ${procedure} has no block ${index}.`);
    return commands.replaceAll('ledger/ID', `ledger/${id}`);
  }

  const credit = (id: string) => request('POST', `/ledger/${id}/credits`, { amount: 5 });
  const balance = async (id: string) => (await request('GET', `/ledger/${id}`)).body['balance'];
  const untilBalance = (id: string, expected: string) =>
    until(
      () => balance(id),
      (found) => found === expected,
    );

  it(
    'pause a consumer',
    async () => {
      await credit('paused');
      await untilBalance('paused', '5.00');
      const commands = commandsOf('pause-a-consumer', 0);
      expect(await shell(commands)).toContain('"State": "Disabled"');
      await credit('paused');
      const health = await shell(`invoke api '${JSON.stringify(healthEvent)}'`);
      expect(health).toContain('"StatusCode": 200');
      expect(await balance('paused')).toBe('5.00');
      await shell(commands.replace('--no-enabled', '--enabled'));
      await untilBalance('paused', '10.00');
    },
    commandsDeadlineMs,
  );

  it(
    'redrive parked streams',
    async () => {
      await credit('parked');
      await untilBalance('parked', '5.00');
      await shell(commandsOf('redrive-parked-streams', 4, 'parked').replace('"N":"7"', '"N":"2"'));
      expect(await shell(commandsOf('redrive-parked-streams', 0), root)).toMatch(/ledger: .*1/);
      expect(await shell(commandsOf('redrive-parked-streams', 1))).toContain('"projected": 0');
    },
    commandsDeadlineMs,
  );

  it(
    'republish commits',
    async () => {
      await credit('republished');
      await untilBalance('republished', '5.00');
      await shell(commandsOf('republish-commits', 0, 'republished'));
      expect(await shell(commandsOf('republish-commits', 2))).toMatch(
        /^1 of 1: .*"batchItemFailures": ?\[\]/,
      );
      await untilBalance('republished', '5.00');
    },
    commandsDeadlineMs,
  );

  it(
    'restore a table, and put a commit that was removed back',
    async () => {
      await credit('restored');
      await credit('restored');
      await untilBalance('restored', '10.00');
      const now = new Date().toISOString();
      await shell(commandsOf('restore-a-table', 0).replace('2026-05-01T09:59:00Z', now));
      const source = 'SOURCE=$(physicalId EventLogTable)';
      const key = '{"stream":{"S":"ledger/restored"},"version":{"N":"3"}}';
      await shell(`${source}\naws dynamodb delete-item --table-name "$SOURCE" --key '${key}'`);
      const item = `${source}\naws dynamodb get-item --table-name "$SOURCE" --key '${key}' --query Item.count.N`;
      expect(await shell(item)).not.toContain('1');
      await shell(`${source}\n${commandsOf('restore-a-table', 1, 'restored')}`);
      expect(await shell(item)).toContain('1');
    },
    commandsDeadlineMs,
  );

  it(
    'skip a record that ends its function',
    async () => {
      const commands = commandsOf('skip-a-record-that-ends-its-function', 0);
      expect(await shell(commands)).toContain('"MaximumRetryAttempts": 2');
      expect(await shell(commands.replace('attempts 2', 'attempts -1'))).toContain(
        '"MaximumRetryAttempts": -1',
      );
    },
    commandsDeadlineMs,
  );

  it(
    'restore the log from a backup: what writes is stopped, and a deployment meanwhile says so at once',
    async () => {
      await shell(commandsOf('restore-the-log-from-a-backup', 0));
      const concurrency = 'aws lambda get-function-concurrency --function-name streamfold-local-api';
      expect(await shell(concurrency)).toContain('"ReservedConcurrentExecutions": 0');
      await expect(deployWith({ logLevel: 'WARN' })).rejects.toThrow('its reserved concurrency is 0');
    },
    deployDeadlineMs,
  );

  /** Short: the default is the time that a projector of AWS may need. */
  function deployWith(settings: object): Promise<Deployment> {
    const { endpoint } = ministack;
    const all = JSON.stringify({ generationSettleSeconds: 5, ...settings });
    return deploy({ endpoint, stage: 'local', onOutput: log, settings: all });
  }
});

const healthEvent = {
  version: '2.0',
  rawPath: '/health',
  requestContext: { http: { method: 'GET', path: '/health' } },
};
