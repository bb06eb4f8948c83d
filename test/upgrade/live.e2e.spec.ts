import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { describeWithBaseline } from './describe-with-baseline.ts';
import { onOldHost } from './old-host.ts';
import { type OldAnswers, writeEverywhere } from './old-writes.ts';
import { type Item, RunningSystem } from './running-system.ts';
import { upgradeContract } from './upgrade.contract.ts';

const deadlineMs = 240_000;

describeWithBaseline('an upgrade of a host', () => {
  let folder: string;
  let host: TestHost;
  let system: RunningSystem;
  const logLines: string[] = [];
  let old: OldAnswers;
  let parked: readonly Item[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-upgrade-'));
    old = await writeEverywhere(onOldHost(folder));
    host = await startTestHost({
      persistFolder: folder,
      onFunctionLog: (_, line) => logLines.push(line),
    });
    system = new RunningSystem(host.awsUrl);
    parked = await system.items('ControlParked');
  }, deadlineMs);
  afterAll(async () => {
    system?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  upgradeContract('over the data of the old one', () => ({ system, old, parked, logLines }));
});
