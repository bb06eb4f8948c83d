import type { Construct } from 'constructs';
import {
  type AutomationQueue,
  contexts,
  projectedFrom,
  type QueueName,
  queueNames,
  recordOf,
} from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import { maxReceives } from '../../schema/queues.ts';
import { Projector } from '../read-side/projector.ts';
import { WorkQueue, type WorkQueueProps, type WorkQueues } from './work-queue.ts';

/** Adds the work queues: `TodoQueue` and so on. `automations`: the consumer of each queue that no projector consumes. */
export function addWorkQueues(
  scope: Construct,
  automations: Readonly<Record<AutomationQueue, WorkQueueProps['consumer']>>,
): WorkQueues {
  const add = (name: QueueName, more: Partial<WorkQueueProps> = {}) => {
    const context = projectedFrom(name);
    const consumer =
      context === undefined
        ? automations[name as AutomationQueue]
        : { timeout: Projector.timeout, userImpact: contexts[context].userImpact };
    const props = { consumer, maxReceives: maxReceives[name], ...more };
    return new WorkQueue(scope, `${constructName(name)}Queue`, props);
  };
  const analysis = add('analysis', { failuresAreFed: true });
  const linked: Partial<WorkQueues> = { analysis, unread: add('unread', { existing: analysis.failures }) };
  return recordOf(queueNames, (name) => linked[name] ?? add(name));
}
