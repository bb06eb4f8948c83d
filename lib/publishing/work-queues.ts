import type { Construct } from 'constructs';
import {
  type AutomationQueue,
  contexts,
  projectedFrom,
  queueNames,
  recordOf,
} from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import { maxReceives, projectorMaxReceives } from '../../schema/queues.ts';
import { Projector } from '../read-side/projector.ts';
import { WorkQueue, type WorkQueueProps, type WorkQueues } from './work-queue.ts';

/** Adds the work queues: `TodoQueue` and so on. `automations`: the consumer of each queue that no projector consumes. */
export function addWorkQueues(
  scope: Construct,
  automations: Readonly<Record<AutomationQueue, WorkQueueProps['consumer']>>,
): WorkQueues {
  return recordOf(queueNames, (name) => {
    const context = projectedFrom(name);
    const consumer =
      context === undefined
        ? automations[name as AutomationQueue]
        : { timeout: Projector.timeout, userImpact: contexts[context].userImpact };
    return new WorkQueue(scope, `${constructName(name)}Queue`, {
      consumer,
      maxReceives: context === undefined ? maxReceives : projectorMaxReceives,
    });
  });
}
