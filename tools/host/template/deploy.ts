import { accountId, region } from '../aws-json.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Resource, Stack } from './assembly.ts';
import { referencesIn, resolveValue, type Scope } from './intrinsics.ts';
import { dependencyOrder } from './order.ts';
import { resourceTypes, typesWithoutEffect } from './resources/registry.ts';
import type { CreatedResource, ResourceType, World } from './world.ts';

interface HostedResource {
  readonly create: ResourceType['create'];
  /** The properties that have an effect, unresolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly references: readonly string[];
}

/**
 * Creates the resources of a stack, each after those it refers to.
 * @throws {UserError} before the first resource is created, naming a type, a property or an intrinsic function that the
 * host does not support; later, when a resource cannot be created.
 */
export async function deployStack({ name, template, assets }: Stack, world: World): Promise<void> {
  const { Resources = {} } = template;
  const created = new Map<string, CreatedResource>();
  const hosted = new Map<string, HostedResource>();
  for (const [logicalId, resource] of Object.entries(Resources)) {
    if (typesWithoutEffect.has(resource.Type)) created.set(logicalId, withoutEffect(logicalId));
    else hosted.set(logicalId, await naming(logicalId, resource, () => supported(resource)));
  }
  const scope = scopeOf(created);
  for (const logicalId of dependencyOrder([...hosted.keys()], (id) => hosted.get(id)?.references ?? [])) {
    const [resource, it] = [Resources[logicalId], hosted.get(logicalId)];
    if (resource === undefined || it === undefined) continue;
    const result = await naming(logicalId, resource, () => {
      const properties = resolveValue(it.properties, scope) as Record<string, unknown>;
      const asset = (key: string) => assets.get(key);
      return it.create({ logicalId, physicalName: `${name}-${logicalId}`, properties, asset }, world);
    });
    created.set(logicalId, result);
  }
}

/** @throws {UserError} naming the type, the property or the intrinsic function that is not supported. */
function supported({ Type, Properties = {} }: Resource): HostedResource {
  const type = resourceTypes[Type];
  if (type === undefined) {
    throw new UserError('this type is not supported; see tools/host/template/resources/registry.ts.');
  }
  const names = Object.keys(Properties);
  const unknown = names.find((name) => !type.properties.includes(name) && !type.ignored.includes(name));
  if (unknown !== undefined) throw new UserError(`the property ${unknown} is not supported.`);
  const used = Object.entries(Properties).filter(([name]) => type.properties.includes(name));
  const properties = Object.fromEntries(used);
  return { create: type.create, properties, references: referencesIn(properties) };
}

/** Runs a step of one resource. The message of what it throws starts with the resource's type and id. */
async function naming<Result>(
  logicalId: string,
  { Type }: Resource,
  step: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    throw new UserError(`The local host cannot create ${Type} ${logicalId}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** A placeholder for a resource without effect: other resources may refer to it. */
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
