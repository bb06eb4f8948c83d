import { accountId, region } from '../../aws-json.ts';
import { runtimeEnvironment } from '../../lambda/environment.ts';
import { LocalFunction } from '../../lambda/function.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceHandler, ResourceRequest } from '../world.ts';
import { optionalNumber, optionalRecord, optionalText, requiredText } from './properties.ts';

/** Instances of one function at once: its threads share this machine with the engines. */
const maximumInstances = 4;
const defaultTimeoutSeconds = 3;
const defaultMemorySizeMb = 128;

/** AWS::Lambda::Function, with code from an asset. */
export const lambdaFunction: ResourceHandler = (request, world) => {
  const { properties, physicalName } = request;
  const { functionAccess } = world;
  const name = optionalText(properties, 'FunctionName') ?? physicalName.slice(-64);
  const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const memorySizeMb = optionalNumber(properties, 'MemorySize') ?? defaultMemorySizeMb;
  const reserved = optionalNumber(properties, 'ReservedConcurrentExecutions') ?? maximumInstances;
  const localFunction = new LocalFunction(
    {
      name,
      arn,
      codeFolder: codeFolder(name, request),
      handler: requiredText(properties, 'Handler'),
      runtime: optionalText(properties, 'Runtime') ?? '',
      description: optionalText(properties, 'Description') ?? '',
      timeoutMs: (optionalNumber(properties, 'Timeout') ?? defaultTimeoutSeconds) * 1_000,
      memorySizeMb,
      environment: {
        ...runtimeEnvironment(name, memorySizeMb, functionAccess.urls, functionAccess.accessKeyId(name)),
        ...variables(properties),
      },
      maximumInstances: Math.min(reserved, maximumInstances),
    },
    { onLog: (line) => world.onFunctionLog(name, line), onInvoked: world.onInvoked },
  );
  world.functions.add(localFunction);
  world.roles.assume(name, optionalText(properties, 'Role') ?? '');
  return { ref: name, attributes: { Arn: arn } };
};

function codeFolder(name: string, { properties, asset }: ResourceRequest): string {
  const key = optionalText(optionalRecord(properties, 'Code') ?? {}, 'S3Key');
  const folder = key === undefined ? undefined : asset(key);
  if (folder !== undefined) return folder;
  throw new UserError(
    `Function ${name} has no code in the synthesized app: give it an asset (Code.fromAsset).`,
  );
}

function variables(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const all = optionalRecord(optionalRecord(properties, 'Environment') ?? {}, 'Variables') ?? {};
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}
