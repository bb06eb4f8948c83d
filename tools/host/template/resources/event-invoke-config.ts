import { usualSettings } from '../../lambda/asynchronous.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceType } from '../world.ts';
import { functionNamed } from './properties.ts';

/** AWS::Lambda::EventInvokeConfig: how often an asynchronous invocation of a function is tried again. */
export const eventInvokeConfig: ResourceType = {
  properties: ['FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  ignored: [],
  create: ({ logicalId, properties }, { functions, asynchronous }) => {
    const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: retries, Qualifier } = properties;
    if (Qualifier !== undefined && Qualifier !== '$LATEST') {
      throw new UserError(`only the qualifier $LATEST is supported, not ${Qualifier}.`);
    }
    const target = functionNamed(functions, properties['FunctionName']);
    asynchronous.configure(target.configuration.name, {
      maximumRetryAttempts:
        inRange('MaximumRetryAttempts', retries, 0, 2) ?? usualSettings.maximumRetryAttempts,
      maximumEventAgeMs:
        (inRange('MaximumEventAgeInSeconds', age, 60, 21_600) ?? usualSettings.maximumEventAgeMs / 1_000) *
        1_000,
    });
    return { ref: logicalId, attributes: {} };
  },
};

/** Lambda's limits. @throws {UserError} for another number. */
function inRange(name: string, value: unknown, lowest: number, highest: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= lowest && number <= highest) return number;
  throw new UserError(`${name} must be from ${lowest} to ${highest}, not ${value}.`);
}
