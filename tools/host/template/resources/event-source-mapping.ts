import { parseMapping } from '../../event-sources/mapping.ts';
import type { ResourceType } from '../world.ts';
import { functionNamed } from './properties.ts';

/** AWS::Lambda::EventSourceMapping. It starts when all resources exist. */
export const eventSourceMapping: ResourceType = {
  properties: [
    'BatchSize',
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'EventSourceArn',
    'FilterCriteria',
    'FunctionName',
    'FunctionResponseTypes',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ScalingConfig',
    'StartingPosition',
  ],
  // The host processes one batch of a shard at a time.
  ignored: ['ParallelizationFactor'],
  create: ({ logicalId, properties }, { functions, eventSourceMappings }) => {
    const target = functionNamed(functions, properties['FunctionName']);
    eventSourceMappings.push(parseMapping(logicalId, properties, target));
    return { ref: logicalId, attributes: {} };
  },
};
