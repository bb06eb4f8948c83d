import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { loadRecording } from './load-recording.ts';
import { readRecording } from './recording.ts';
import { RunningSystem } from './running-system.ts';
import { upgradeContract } from './upgrade.contract.ts';

/** The data of the old system as files: they are there in every checkout, also in one without the history of git. */
describe('an upgrade of recorded data', () => {
  const recording = readRecording();
  let folder: string;
  let host: TestHost;
  let system: RunningSystem;
  const logLines: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-recorded-'));
    await loadRecording(recording, folder);
    host = await startTestHost({
      persistFolder: folder,
      onFunctionLog: (_, line) => logLines.push(line),
    });
    system = new RunningSystem(host.awsUrl);
  }, 120_000);
  afterAll(async () => {
    system?.close();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const parked = recording.items.filter(({ table }) => table === 'ControlParked').map(({ item }) => item);
  upgradeContract('that an old system left', () => ({ system, old: recording.answers, parked, logLines }));
});
