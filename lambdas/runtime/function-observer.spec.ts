import type { Logger } from '@aws-lambda-powertools/logger';
import { expect, it } from '@jest/globals';
import { noTracing } from '../tracing/tracing.ts';
import { functionObserver } from './function-observer.ts';
import type { InvocationTelemetry } from './invocation-telemetry.ts';

const broken = () => {
  throw new Error('broken');
};

it('faults of the logger and the telemetry stop neither a warning nor a count', () => {
  const logged: unknown[][] = [];
  const logger = {
    warn: (...line: unknown[]) => {
      if (line.length > 1) broken();
      logged.push(line);
    },
  } as unknown as Logger;
  const telemetry = { count: broken } as unknown as InvocationTelemetry;
  const observer = functionObserver(logger, noTracing, telemetry);
  observer.warn('Odd.', { detail: 1 });
  observer.count('Parked');
  expect(logged).toEqual([['Odd.']]);
});
