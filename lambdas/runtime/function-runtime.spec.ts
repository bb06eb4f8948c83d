import { setTimeout as delay } from 'node:timers/promises';
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

it('fails an invocation 250 ms before its time is over, so that its telemetry and spans are not lost with it', async () => {
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const runtime = functionRuntime({ POWERTOOLS_SERVICE_NAME: 'api', STAGE: 'test' });
  const handler = runtime.handler(async () => {
    runtime.telemetry.count('Parked');
    // 10 ms are left for the work: a timer that is due later fires later, however busy the machine is.
    return await delay(100, 'too late');
  });
  const failing = handler({}, { ...testContext, getRemainingTimeInMillis: () => 260 });
  await expect(failing).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(written).toHaveLength(1);
});
