import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { describeWithBaseline } from './describe-with-baseline.ts';
import { onOldHost } from './old-host.ts';
import { type OldAnswers, writeEverywhere } from './old-writes.ts';
import { addedLists, keysOfList, removedList, withOtherLists } from './other-lists.ts';
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
    old = await writeEverywhere(onOldHost(folder, withOtherLists));
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

  // First: the specs after it write every row again.
  it.each(Object.entries(addedLists))('fills the list that it adds to %s: %s', async (table, list) => {
    const { stored } = await until(
      () => keysOfList(system, table, list),
      ({ stored, listed }) => stored.length > 1 && isDeepStrictEqual(stored, listed),
    );
    expect(stored.length).toBeGreaterThan(1);
    await expect(system.items(table, removedList)).rejects.toThrow(removedList);
  });

  upgradeContract('over the data of the old one', () => ({ system, old, parked, logLines }));
});
