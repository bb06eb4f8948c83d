import { accountId, region } from '../aws-json.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Resource, Stack } from './assembly.ts';
import { referencesIn, resolveValue, type Scope } from './intrinsics.ts';
import { dependencyOrder } from './order.ts';
import { resourceTypes, typesWithoutEffect } from './resources/registry.ts';
import type { CreatedResource, ResourceType, World } from './world.ts';

interface HostedResource {
  readonly logicalId: string;
  readonly resource: Resource;
  readonly type: ResourceType;
  /** The properties that have an effect, unresolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Creates the resources of a stack, each after those it refers to.
 * @throws {UserError} naming a type, a property or an intrinsic function that the host does not support; nothing is
 * created then. Also when a resource cannot be created.
 */
export async function deployStack(stack: Stack, world: World): Promise<void> {
  const created = new Map<string, CreatedResource>();
  const hosted = new Map<string, HostedResource>();
  for (const [logicalId, resource] of Object.entries(stack.template.Resources ?? {})) {
    if (typesWithoutEffect.has(resource.Type)) created.set(logicalId, withoutEffect(logicalId));
    else hosted.set(logicalId, supported(logicalId, resource));
  }
  const scope = scopeOf(created);
  const references = (id: string) => {
    const it = hosted.get(id);
    return it === undefined ? [] : named(it, () => referencesIn(it.properties));
  };
  for (const id of dependencyOrder([...hosted.keys()], references)) {
    const it = hosted.get(id);
    if (it !== undefined) created.set(id, await create(stack, it, scope, world));
  }
}

/** @throws {UserError} naming the type, or the first property, that is not supported. */
function supported(logicalId: string, resource: Resource): HostedResource {
  const { Type, Properties = {} } = resource;
  const type = resourceTypes[Type];
  if (type === undefined) {
    throw new UserError(
      `${Type} ${logicalId}: the local host does not support this type; see tools/host/template/resources/registry.ts.`,
    );
  }
  const names = Object.keys(Properties);
  const unknown = names.find((name) => !type.properties.includes(name) && !type.ignored.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`${Type} ${logicalId}: the local host does not support the property ${unknown}.`);
  }
  const used = Object.entries(Properties).filter(([name]) => type.properties.includes(name));
  return { logicalId, resource, type, properties: Object.fromEntries(used) };
}

async function create(
  stack: Stack,
  it: HostedResource,
  scope: Scope,
  world: World,
): Promise<CreatedResource> {
  const { logicalId, properties, type } = it;
  const request = {
    logicalId,
    physicalName: `${stack.name}-${logicalId}`,
    properties: named(it, () => resolveValue(properties, scope)) as Record<string, unknown>,
    asset: (key: string) => stack.assets.get(key),
  };
  try {
    return await type.create(request, world);
  } catch (error) {
    throw namedError(it, error);
  }
}

/** Runs a step of one resource. What it throws gets the resource's type and id. */
function named<Result>(it: HostedResource, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw namedError(it, error);
  }
}

function namedError({ resource, logicalId }: HostedResource, error: unknown): UserError {
  return new UserError(`${resource.Type} ${logicalId}: ${messageOf(error)}`, { cause: error });
}

/** Other resources refer to those without effect by an ARN of nothing. */
function withoutEffect(logicalId: string): CreatedResource {
  return { ref: logicalId, attributes: { Arn: `arn:aws:none:${region}:${accountId}:${logicalId}` } };
}

function scopeOf(created: ReadonlyMap<string, CreatedResource>): Scope {
  return {
    ref: (name) => {
      const value = created.get(name)?.ref;
      if (value === undefined) throw new UserError(`there is no resource ${name} to refer to.`);
      return value;
    },
    attribute: (logicalId, name) => {
      const value = created.get(logicalId)?.attributes[name];
      if (value === undefined) throw new UserError(`the attribute ${name} of ${logicalId} is not supported.`);
      return value;
    },
  };
}
