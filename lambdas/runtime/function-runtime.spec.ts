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
