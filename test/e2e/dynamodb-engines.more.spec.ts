import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { silentConsole } from '../../tools/host/console.ts';
import { type DynamodbEngineName, dynamodbEngines } from '../../tools/host/engines/dynamodb/engines.ts';
import { type Host, type HostOptions, startHost } from '../../tools/host/host.ts';
import { messageOf } from '../../tools/host/user-error.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { until } from '../support/until.ts';

/** The first start may fetch or install the engine. */
const deadlineMs = 600_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const whyMissing = (name: DynamodbEngineName) =>
  dynamodbEngines[name].find().then(() => undefined, messageOf);

interface Started extends Host {
  readonly dynamodbUrl: string;
  readonly warnings: readonly string[];
}

async function start(options: Partial<HostOptions>): Promise<Started> {
  const warnings: string[] = [];
  let dynamodbUrl = '';
  const host = await startHost({
    httpPort: 0,
    awsPort: 0,
    console: { ...silentConsole, warn: (line) => void warnings.push(line) },
    onCreated: async (app) => {
      dynamodbUrl = app.dynamodbUrl;
    },
    ...options,
  });
  cleanups.push(() => host.stop());
  return { ...host, dynamodbUrl, warnings };
}

const credit = (url: string) =>
  fetch(`${url}/credits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"amount":34}',
  });

/** Credits an account and waits until the read model, fed by the table's stream, shows the balance. */
async function creditAndRead({ httpUrl }: Host, balance: string): Promise<void> {
  const account = `${httpUrl}/ledger/on-this-engine`;
  expect((await credit(account)).ok).toBe(true);
  await until(
    async () => (await fetch(account)).json() as Promise<{ balance?: string }>,
    (row) => row.balance === balance,
    60_000,
  );
}

/** Whether something accepts a connection at a port of an address. */
const accepts = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const settle = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => settle(true));
    for (const event of ['error', 'timeout']) socket.on(event, () => settle(false));
  });

const otherAddresses = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .flatMap(({ internal, family, address }) => (!internal && family === 'IPv4' ? [address] : []));

for (const name of ['dynoxide', 'java', 'python'] as const) {
  const { title, dataFile } = dynamodbEngines[name];

  describeUnless(await whyMissing(name), `the host on ${title}`, () => {
    it(
      'appends and projects, and no other machine reaches the engine',
      async () => {
        const host = await start({ dynamodbEngine: name });
        expect(host.dynamodbName).toBe(title);
        await creditAndRead(host, '34.00');
        const { hostname, port } = new URL(host.dynamodbUrl);
        expect(await accepts(hostname, Number(port))).toBe(true);
        for (const address of otherAddresses) expect(await accepts(address, Number(port))).toBe(false);
        expect(host.warnings).toEqual([]);
      },
      deadlineMs,
    );

    if (dataFile === undefined) return;

    it(
      'has its data after a restart, and goes on',
      async () => {
        const persistFolder = mkdtempSync(join(tmpdir(), 'streamfold-engine-'));
        cleanups.push(() => rmSync(persistFolder, { recursive: true, force: true }));
        const first = await start({ dynamodbEngine: name, persistFolder });
        await creditAndRead(first, '34.00');
        await first.stop();
        const second = await start({ persistFolder });
        expect(second.dynamodbName).toBe(title);
        await creditAndRead(second, '68.00');
        expect([...first.warnings, ...second.warnings]).toEqual([]);
      },
      deadlineMs,
    );
  });
}

describe('the machine of this test', () => {
  it('has another address, so that the test can fail', () => {
    expect(otherAddresses).not.toEqual([]);
  });
});
