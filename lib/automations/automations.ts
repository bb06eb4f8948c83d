import type { Construct } from 'constructs';
import type { DocumentBucket } from '../command-side/document-bucket.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueues } from '../publishing/work-queue.ts';
import type { Control } from '../read-side/control.ts';
import type { ReadModels } from '../read-side/read-side.ts';
import { MetricsSweeper } from './metrics-sweeper.ts';
import { PrescriptionAnalyzer } from './prescription-analyzer.ts';

export interface AutomationsProps extends StageProps {
  readonly eventLog: EventLog;
  readonly control: Control;
  readonly queues: WorkQueues;
  readonly documents: DocumentBucket;
  readonly readModels: ReadModels;
}

/** Adds the functions that send commands when an event occurs or a time has come. */
export function addAutomations(
  scope: Construct,
  { queues, documents, readModels, ...shared }: AutomationsProps,
): readonly BackendFunction[] {
  const analyzer = new PrescriptionAnalyzer(scope, 'PrescriptionAnalyzer', {
    ...shared,
    queue: queues.analysis,
    documents,
  });
  const sweeper = new MetricsSweeper(scope, 'MetricsSweeper', { ...shared, readModel: readModels.metrics });
  return [analyzer.function, sweeper.function];
}
