import type { Construct } from 'constructs';
import type { DocumentBucket } from '../command-side/document-bucket.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { PersonIndex } from '../command-side/person-index.ts';
import type { SubjectKeys } from '../command-side/subject-keys.ts';
import type { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueues } from '../publishing/work-queue.ts';
import type { Control } from '../read-side/control.ts';
import type { ReadModels } from '../read-side/read-side.ts';
import { MetricsSweeper } from './metrics-sweeper.ts';
import { PersonEraser } from './person-eraser.ts';
import { PersonIndexer } from './person-indexer.ts';
import { PrescriptionAnalyzer } from './prescription-analyzer.ts';
import { PrescriptionRecorder } from './prescription-recorder.ts';

export interface AutomationsProps extends StageProps {
  readonly eventLog: EventLog;
  readonly control: Control;
  readonly queues: WorkQueues;
  readonly documents: DocumentBucket;
  readonly subjectKeys: SubjectKeys;
  readonly personIndex: PersonIndex;
  readonly readModels: ReadModels;
}

export interface Automations {
  /** The functions that carry out commands. */
  readonly deciders: readonly BackendFunction[];
  readonly analyzer: BackendFunction;
  readonly indexer: BackendFunction;
}

/** Adds the functions that send commands when an event occurs or a time has come, and the one that reads prescriptions for them. */
export function addAutomations(
  scope: Construct,
  { queues, documents, personIndex, readModels, ...shared }: AutomationsProps,
): Automations {
  const { analysis, findings, unread, persons, erasures } = queues;
  const analyzer = new PrescriptionAnalyzer(scope, 'PrescriptionAnalyzer', {
    ...shared,
    queue: analysis,
    findings,
    documents,
  });
  const recorder = new PrescriptionRecorder(scope, 'PrescriptionRecorder', { ...shared, findings, unread });
  // A deployment updates the recorder first, so that it can read what the analyzer sends.
  analyzer.function.lambda.node.addDependency(recorder.function.lambda);
  const sweeper = new MetricsSweeper(scope, 'MetricsSweeper', { ...shared, readModel: readModels.metrics });
  const ofPersons = { ...shared, personIndex, documents, persons, erasures };
  const eraser = new PersonEraser(scope, 'PersonEraser', ofPersons);
  const indexer = new PersonIndexer(scope, 'PersonIndexer', ofPersons);
  // A deployment updates the eraser first, so that it can read what the indexer sends.
  indexer.function.lambda.node.addDependency(eraser.function.lambda);
  return {
    deciders: [recorder.function, sweeper.function, eraser.function],
    analyzer: analyzer.function,
    indexer: indexer.function,
  };
}
