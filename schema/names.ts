/** Names derived from the name of a context or queue. Names of deployed resources and functions never change. */
import type { ContextName, QueueName } from './contexts.ts';

/** The environment variable that names the table of a context's read model: `LEDGER_TABLE`. */
export function tableVariable(context: ContextName): string {
  return `${upperSnakeCase(context)}_TABLE`;
}

/**
 * Names that no context may have: the variables of their tables would be those of the log and of the control tables, or their
 * scopes those of a part of the system.
 */
export const reservedContextNames: readonly string[] = [
  ...['event-log', 'snapshot', 'segment', 'control', 'parked', 'waiting', 'subject-key', 'person-index'],
  ...['streams', 'ops', 'privacy', 'reports'],
];

/** The environment variable that holds the URL of a work queue: `TODO_QUEUE_URL`. */
export function queueUrlVariable(queue: QueueName): string {
  return `${upperSnakeCase(queue)}_QUEUE_URL`;
}

/** The environment variable that holds the ARN of a work queue: `UNREAD_QUEUE_ARN`. */
export function queueArnVariable(queue: QueueName): string {
  return `${upperSnakeCase(queue)}_QUEUE_ARN`;
}

/** The environment variable that holds the URL of the failure queue of a work queue: `TODO_FAILURES_URL`. */
export function failuresUrlVariable(queue: QueueName): string {
  return `${upperSnakeCase(queue)}_FAILURES_URL`;
}

/** The environment variable that holds the URL of the queue of notices of the failure bucket. */
export const givenUpNoticesVariable = 'GIVEN_UP_NOTICES_URL';

/** The environment variable that holds how many batches of one shard a projector may run at the same time. */
export const batchesPerShardVariable = 'BATCHES_PER_SHARD';

/** The name of a context's projector function, without the stage: `ledger-projector`. */
export function projectorName(context: ContextName): string {
  return `${context}-projector`;
}

/** The beginning of the ids of a context's or queue's constructs: `Ledger`, as in `LedgerReadModel`. */
export function constructName(name: ContextName | QueueName): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function upperSnakeCase(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
