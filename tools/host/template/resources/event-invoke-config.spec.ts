import { expect, it } from '@jest/globals';
import type { AsynchronousSettings } from '../../lambda/asynchronous.ts';
import type { World } from '../world.ts';
import { eventInvokeConfig } from './event-invoke-config.ts';

function settingsFor(properties: Record<string, unknown>): AsynchronousSettings | undefined {
  const configured = new Map<string, AsynchronousSettings>();
  const world = {
    functions: { find: (name: string) => (name === 'f' ? { configuration: { name } } : undefined) },
    asynchronous: {
      configure: (name: string, settings: AsynchronousSettings) => configured.set(name, settings),
    },
  } as unknown as World;
  const request = { logicalId: 'Config', physicalName: 'app-Config', asset: () => undefined };
  void eventInvokeConfig.create(
    { ...request, properties: { FunctionName: 'f', Qualifier: '$LATEST', ...properties } },
    world,
  );
  return configured.get('f');
}

it('the retries of a function are those of its configuration, with the defaults of Lambda', () => {
  expect(settingsFor({})).toEqual({ maximumRetryAttempts: 2, maximumEventAgeMs: 21_600_000 });
  expect(settingsFor({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 })).toEqual({
    maximumRetryAttempts: 0,
    maximumEventAgeMs: 60_000,
  });
});

it.each([
  [{ MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts must be from 0 to 2, not 3.'],
  [{ MaximumEventAgeInSeconds: 59 }, 'MaximumEventAgeInSeconds must be from 60 to 21600, not 59.'],
  [{ Qualifier: 'live' }, 'only the qualifier $LATEST is supported, not live.'],
  [{ FunctionName: 'g' }, 'g is not a function of the app.'],
])(
  'a configuration that Lambda would refuse, or the host cannot have, is refused: %j',
  (properties, message) => {
    expect(() => settingsFor(properties)).toThrow(expect.objectContaining({ name: 'UserError', message }));
  },
);
