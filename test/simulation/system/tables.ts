import { type ContextName, contextNames, contexts, queueNames } from '../../../schema/contexts.ts';
import { batchesPerShardVariable, queueUrlVariable, tableVariable } from '../../../schema/names.ts';
import {
  controlTable,
  eventLogTable,
  listIndex,
  parkedTable,
  personIndexTable,
  readModelTable,
  segmentTable,
  snapshotTable,
  subjectKeyTable,
  waitingTable,
} from '../../../schema/tables.ts';
import type { PlanOptions } from '../plan.ts';

/** A table of the stack, as DynamoDB must know it. */
export interface SimulatedTable {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: { readonly name: string; readonly type: 'S' | 'N' };
  readonly indexes?: readonly {
    readonly name: string;
    readonly partitionKey: string;
    readonly sortKey: string;
  }[];
}

/** The table of the log. */
export const eventLogName = 'EventLog';
export const snapshotsName = 'Snapshots';
export const segmentsName = 'EventLogSegments';
export const controlName = 'Control';
export const parkedName = 'Parked';
export const waitingName = 'ControlWaiting';
export const subjectKeysName = 'SubjectKeys';
export const personIndexName = 'PersonIndex';

/** The key of KMS that wraps the keys of subjects. */
export const subjectKeyArn = 'arn:aws:kms:eu-central-1:111111111111:key/subjects';

/** The name of the event stream. */
export const eventStreamResource = 'EventStream';

/** The table of a context's read model. */
export function readModelName(context: ContextName): string {
  return `${context}-read-model`;
}

/** The URL of a work queue. */
export function queueUrl(queue: (typeof queueNames)[number]): string {
  return `https://sqs.simulated/${queue}`;
}

/** Every table of the stack. */
export const simulatedTables: readonly SimulatedTable[] = [
  sorted(eventLogName, eventLogTable, 'N'),
  { name: snapshotsName, ...snapshotTable },
  sorted(segmentsName, segmentTable, 'S'),
  { name: controlName, ...controlTable },
  sorted(parkedName, parkedTable, 'S'),
  sorted(waitingName, waitingTable, 'S'),
  { name: subjectKeysName, ...subjectKeyTable },
  sorted(personIndexName, personIndexTable, 'S'),
  ...contextNames.map((context) => ({
    ...sorted(readModelName(context), readModelTable, 'S'),
    indexes: contexts[context].lists.map(listIndex),
  })),
];

/** The variables that the stack sets for functions. */
export function environmentOf({
  snapshotThreshold,
  projectorsPerShard,
}: Pick<PlanOptions, 'snapshotThreshold' | 'projectorsPerShard'>): Readonly<Record<string, string>> {
  return {
    EVENT_LOG_TABLE: eventLogName,
    SNAPSHOT_TABLE: snapshotsName,
    SEGMENT_TABLE: segmentsName,
    CONTROL_TABLE: controlName,
    PARKED_TABLE: parkedName,
    WAITING_TABLE: waitingName,
    SUBJECT_KEY_TABLE: subjectKeysName,
    SUBJECT_KMS_KEY_ARN: subjectKeyArn,
    PERSON_INDEX_TABLE: personIndexName,
    EVENT_STREAM: eventStreamResource,
    SNAPSHOT_THRESHOLD: String(snapshotThreshold),
    [batchesPerShardVariable]: String(projectorsPerShard),
    ...Object.fromEntries(contextNames.map((name) => [tableVariable(name), readModelName(name)])),
    ...Object.fromEntries(queueNames.map((name) => [queueUrlVariable(name), queueUrl(name)])),
  };
}

function sorted(
  name: string,
  { partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string },
  type: 'S' | 'N',
): SimulatedTable {
  return { name, partitionKey, sortKey: { name: sortKey, type } };
}
