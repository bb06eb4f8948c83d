import { accountId, region } from '../../aws-json.ts';
import { inspectedIdleLimits } from '../../inspect/inspector.ts';
import { runtimeEnvironment } from '../../lambda/environment.ts';
import { LocalFunction } from '../../lambda/function.ts';
import { withTraces } from '../../traces/trace-variables.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceRequest, ResourceType } from '../world.ts';
import { requiredText } from './properties.ts';

/**
 * Instances of one function at a time: its threads share this machine with the engines. There is one for each batch that a queue of
 * this app may deliver at a time. A function that may run for minutes has more, so that a short invocation need not wait for the
 * end of a long one.
 */
const maximumInstances = { short: 5, long: 8 } as const;
const longTimeoutMs = 300_000;

/** AWS::Lambda::Function, with code from an asset. */
export const lambdaFunction: ResourceType = {
  properties: ['Code', 'Environment', 'FunctionName', 'Handler', 'MemorySize', 'Role', 'Runtime', 'Timeout'],
  // Reserved executions divide the limit of an account. The host has its own limit for each function.
  ignored: ['Architectures', 'Description', 'LoggingConfig', 'ReservedConcurrentExecutions', 'TracingConfig'],
  create: (request, world) => {
    const { functions, roles, functionAccess, onFunctionLog, onInvoked, failures, inspectors } = world;
    const { properties } = request;
    const name = requiredText(properties, 'FunctionName');
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
    const memorySizeMb = Number(properties['MemorySize'] ?? 128);
    const timeoutMs = Number(properties['Timeout'] ?? 3) * 1_000;
    const inspector = inspectors.find(({ functionName }) => name.endsWith(`-${functionName}`));
    const configuration = {
      name,
      arn,
      runtime: requiredText(properties, 'Runtime'),
      codeFolder: codeFolder(request),
      handler: requiredText(properties, 'Handler'),
      timeoutMs,
      memorySizeMb,
      environment: {
        ...runtimeEnvironment(name, memorySizeMb, functionAccess.urls, functionAccess.accessKeyId(name)),
        ...withTraces(variables(properties), world.spanTarget),
      },
      maximumInstances: timeoutMs >= longTimeoutMs ? maximumInstances.long : maximumInstances.short,
      ...(inspector && { maximumInstances: 1, isInspected: true }),
    };
    functions.add(
      new LocalFunction(configuration, {
        onLog: (line) => onFunctionLog(name, line),
        onInvoked,
        failures,
        ...(inspector && { startInstance: inspector.start, idleLimits: inspectedIdleLimits }),
      }),
    );
    roles.assume(name, String(properties['Role'] ?? ''));
    return { ref: name, attributes: { Arn: arn } };
  },
};

function codeFolder({ properties, asset }: ResourceRequest): string {
  const { S3Key } = (properties['Code'] ?? {}) as { S3Key?: string };
  const folder = S3Key === undefined ? undefined : asset(S3Key);
  if (folder !== undefined) return folder;
  throw new UserError('only code from an asset of the synthesized app is supported (Code.fromAsset).');
}

function variables(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const { Variables = {} } = (properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
  return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, String(value)]));
}
