import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { testContext } from '../http/testing.ts';
import { functionRuntime } from './function-runtime.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

it('writes the telemetry when an invocation ends, also when it fails, and does not hide the failure', async () => {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const runtime = functionRuntime({ POWERTOOLS_SERVICE_NAME: 'api', STAGE: 'test' });
  const handler = runtime.handler(async ({ fails }: { fails: boolean }) => {
    runtime.telemetry.count('Parked');
    if (fails) throw new Error('broken');
    return 'done';
  });
  await expect(handler({ fails: false }, testContext)).resolves.toBe('done');
  expect(written).toHaveLength(1);
  await expect(handler({ fails: true }, testContext)).rejects.toThrow('broken');
  expect(written).toHaveLength(2);
});

it('fails before the time of Lambda is over, so that its spans can be sent and its telemetry be written', async () => {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const runtime = functionRuntime({ POWERTOOLS_SERVICE_NAME: 'api', STAGE: 'test' });
  const handler = runtime.handler(async () => {
    runtime.telemetry.count('Parked');
    await setTimeout(50);
  });
  const context = { ...testContext, getRemainingTimeInMillis: () => 250 };
  await expect(handler({}, context)).rejects.toThrow('aborted');
  expect(written).toHaveLength(1);
});
