import { afterEach, expect, it } from '@jest/globals';
import { NpmStart, type SignalTarget } from '../support/npm-start.ts';
import { until } from '../support/until.ts';

const startDeadlineMs = 120_000;
/** Longer than the bound after which a host that does not end is ended. */
const stopDeadlineMs = 40_000;

let started: NpmStart | undefined;
afterEach(async () => {
  await started?.remove();
});

const untilNothingIsLeft = (npm: NpmStart) =>
  until(
    () => npm.left(),
    (left) => left.length === 0,
    stopDeadlineMs,
  );

it.each<[NodeJS.Signals, SignalTarget]>([
  ['SIGTERM', 'npm'],
  ['SIGHUP', 'npm'],
  ['SIGKILL', 'npm'],
  ['SIGTERM', 'shell'],
  ['SIGKILL', 'shell'],
  ['SIGTERM', 'host'],
  ['SIGINT', 'host'],
  ['SIGHUP', 'host'],
  ['SIGINT', 'group'],
])(
  '%s to the %s of npm start ends everything and leaves nothing',
  async (signal, target) => {
    started = new NpmStart();
    await started.untilReady(startDeadlineMs);
    started.signal(target, signal);
    expect(await untilNothingIsLeft(started)).toEqual([]);
    await until(
      () => started?.output,
      (output) => output?.includes('Stopping ...') === true,
    );
  },
  startDeadlineMs + stopDeadlineMs,
);

it.each<[NodeJS.Signals, SignalTarget]>([
  ['SIGTERM', 'npm'],
  ['SIGINT', 'group'],
  ['SIGTERM', 'host'],
])(
  '%s to the %s of npm start ends a host that is still starting',
  async (signal, target) => {
    started = new NpmStart();
    await started.untilThereIsAHost();
    started.signal(target, signal);
    expect(await untilNothingIsLeft(started)).toEqual([]);
    expect(started.output).not.toContain('Ready');
  },
  startDeadlineMs + stopDeadlineMs,
);

it(
  'SIGKILL to the host leaves no running engine',
  async () => {
    started = new NpmStart();
    await started.untilReady(startDeadlineMs);
    started.signal('host', 'SIGKILL');
    const onlyFiles = (left: readonly string[]) => left.every((one) => one.startsWith('streamfold-host-'));
    await until(() => started?.left() ?? [], onlyFiles, stopDeadlineMs);
  },
  startDeadlineMs + stopDeadlineMs,
);
