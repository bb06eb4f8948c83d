import { parseMapping } from '../../event-sources/mapping.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceHandler } from '../world.ts';

/** AWS::Lambda::EventSourceMapping. It starts when everything else is there. */
export const eventSourceMapping: ResourceHandler = ({ logicalId, properties }, world) => {
  const target = world.functions.find(String(properties['FunctionName']));
  if (target === undefined) throw new UserError(`${logicalId}: the event source feeds no function.`);
  world.eventSourceMappings.push(parseMapping(logicalId, properties, target));
  return { ref: logicalId, attributes: { Id: logicalId } };
};
