import { accountId, region } from '../aws-json.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Resource, Stack } from './assembly.ts';
import { resolveValue, type Scope } from './intrinsics.ts';
import { dependencyOrder } from './order.ts';
import { handlerOf } from './resources/registry.ts';
import type { CreatedResource, ResourceHandler, World } from './world.ts';

/**
 * Brings the resources of a stack to life, each after those it depends on.
 * @throws {UserError} when something in the template is unknown here; nothing is made then.
 */
export async function deployStack(stack: Stack, world: World): Promise<void> {
  const resources = stack.template.Resources ?? {};
  const handlers = new Map<string, ResourceHandler | undefined>();
  for (const [id, { Type }] of Object.entries(resources)) handlers.set(id, handlerOf(Type));
  const created = new Map<string, CreatedResource>();
  const scope = scopeOf(stack, created);
  for (const id of dependencyOrder(resources)) {
    const handler = handlers.get(id);
    const resource = resources[id];
    if (handler === undefined || resource === undefined) created.set(id, withoutEffect(id));
    else created.set(id, await create(stack, id, resource, handler, scope, world));
  }
}

async function create(
  stack: Stack,
  logicalId: string,
  resource: Resource,
  handler: ResourceHandler,
  scope: Scope,
  world: World,
): Promise<CreatedResource> {
  try {
    const properties = resolveValue(resource.Properties ?? {}, scope) as Record<string, unknown>;
    const physicalName = `${stack.name}-${logicalId}`;
    return await handler(
      { logicalId, physicalName, properties, asset: (key) => stack.assets.get(key) },
      world,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${resource.Type} ${logicalId} could not be made: ${messageOf(error)}`);
  }
}

/** Resources without effect still get referred to, by an ARN that leads nowhere. */
function withoutEffect(logicalId: string): CreatedResource {
  return { ref: logicalId, attributes: { Arn: `arn:aws:none:${region}:${accountId}:${logicalId}` } };
}

function scopeOf(stack: Stack, created: ReadonlyMap<string, CreatedResource>): Scope {
  return {
    ref: (name) => {
      const value = created.get(name)?.ref ?? stack.template.Parameters?.[name]?.Default;
      if (value === undefined) throw new UserError(`The template refers to ${name}, which it does not have.`);
      return String(value);
    },
    attribute: (logicalId, name) => {
      const value = created.get(logicalId)?.attributes[name];
      if (value !== undefined) return value;
      throw new UserError(
        `The template wants ${name} of ${logicalId}, unknown here: see local/template/resources.`,
      );
    },
  };
}
