import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deploy } from '../../tools/emulator/deploy.ts';
import { type Ministack, startMinistack } from '../../tools/emulator/ministack.ts';
import { infrastructureAt } from '../support/aws-cli.ts';
import { keptLog } from '../support/kept-log.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { describeWithBaseline } from './describe-with-baseline.ts';
import { deployOld, enableEventSources, onOldEmulator } from './old-emulator.ts';
import { type OldAnswers, writeEverywhere } from './old-writes.ts';
import { type Item, RunningSystem } from './running-system.ts';
import { upgradeContract } from './upgrade.contract.ts';

const deployDeadlineMs = 600_000;

describeWithBaseline('an upgrade of a deployed system', () => {
  describeWithPython('on MiniStack', () => {
    const log = keptLog();
    let python: string;
    let ministack: Ministack;
    let system: RunningSystem;
    let old: OldAnswers;
    let parked: readonly Item[];

    beforeAll(async () => {
      python = await installedPython();
      ministack = await startMinistack({ port: 0, python, onOutput: log });
      await deployOld(ministack.endpoint);
      old = await writeEverywhere(onOldEmulator(ministack.endpoint));
      system = new RunningSystem(ministack.endpoint);
      parked = await system.items('ControlParked');
    }, installDeadlineMs + deployDeadlineMs);
    afterAll(async () => {
      system?.close();
      await ministack?.stop();
    });

    it(
      'keeps the tables, streams, buckets and queues when the new system is deployed over the old one',
      async () => {
        const { functions: _, ...before } = await infrastructureAt(ministack.endpoint, python);
        await deploy({ endpoint: ministack.endpoint, stage: 'local', onOutput: log });
        const after = await infrastructureAt(ministack.endpoint, python);
        for (const [kind, names] of Object.entries(before))
          expect(after[kind as keyof typeof before]).toEqual(expect.arrayContaining([...names]));
      },
      deployDeadlineMs,
    );

    upgradeContract('over the data of the old one', () => ({
      system,
      old,
      parked,
      startConsumers: () => enableEventSources(ministack.endpoint, () => true),
    }));
  });
});
