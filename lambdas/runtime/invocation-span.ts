import type { Context } from 'aws-lambda';
import { standardAttributes, systemNames } from '../../schema/tracing.ts';
import { recordOf } from '../http/event.ts';
import type { Attributes, Invocation } from '../tracing/tracing.ts';

/** What a batch comes from, by the `eventSource` of its records. */
const sources: Readonly<Record<string, { readonly system: string; readonly trigger: string }>> = {
  'aws:sqs': { system: systemNames.sqs, trigger: 'pubsub' },
  'aws:kinesis': { system: systemNames.kinesis, trigger: 'pubsub' },
  'aws:dynamodb': { system: systemNames.dynamodb, trigger: 'datasource' },
};

/** What a person, or the state machine of a rebuild, asks a function for. Other values of an event are not shown. */
const requests: ReadonlySet<string> = new Set([
  ...['redrive', 'drain', 'restored'],
  ...['status', 'begin', 'hold', 'fold', 'follow', 'compare', 'finish', 'switch', 'undo', 'discard', 'drop'],
  ...['remove', 'repair', 'forget'],
]);

/** The name of a queue, a table or a stream is the part of its ARN after the last colon, without its kind and what follows the name. */
const arnPattern =
  /^arn:[\w-]+:(?:sqs|kinesis|dynamodb):[\w-]*:\d*:(?:(?:stream|table)\/)?([\w.-]{1,255})(?:\/|$)/;

/** A message id of SQS is a UUID. */
const messageIdPattern = /^[\w-]{1,100}$/;

/**
 * The span of an invocation by a queue, a stream, a schedule or a person, in a trace of its own. The event may be of any form. The API's is another
 * one: see `requestInvocation`.
 */
export function invocationOf(event: unknown, { awsRequestId }: Context): Invocation {
  const { attributes, ...span } = batchOf(event) ?? requestOf(event);
  return { ...span, attributes: { [standardAttributes.faasInvocationId]: awsRequestId, ...attributes } };
}

/** The span of a batch. Undefined: the event is none. */
function batchOf(event: unknown): Invocation | undefined {
  const records: unknown = recordOf(event)?.['Records'];
  if (!Array.isArray(records)) return undefined;
  const { eventSource, eventSourceARN, messageId } = recordOf(records[0]) ?? {};
  const source =
    typeof eventSource === 'string' && Object.hasOwn(sources, eventSource) && sources[eventSource];
  if (!source) return undefined;
  const [, destination] = (typeof eventSourceARN === 'string' && arnPattern.exec(eventSourceARN)) || [];
  return {
    name: destination === undefined ? 'process' : `process ${destination}`,
    kind: 'consumer',
    attributes: {
      [standardAttributes.faasTrigger]: source.trigger,
      [standardAttributes.messagingSystem]: source.system,
      [standardAttributes.messagingOperationName]: 'process',
      [standardAttributes.messagingOperationType]: 'process',
      [standardAttributes.messagingDestination]: destination,
      [standardAttributes.messagingBatchCount]: records.length,
      ...(records.length === 1 && { [standardAttributes.messagingMessageId]: shownMessageId(messageId) }),
    },
  };
}

function shownMessageId(id: unknown): string | undefined {
  return typeof id === 'string' && messageIdPattern.test(id) ? id : undefined;
}

/** The span of an invocation by a schedule or a person. */
function requestOf(event: unknown): Invocation {
  const request = recordOf(event) ?? {};
  const isScheduled = request['source'] === 'aws.events' || request['retention'] === true;
  if (isScheduled) return internal('schedule', 'timer');
  const asked = [...requests].find((name) => request[name] === true || request['action'] === name);
  return internal(asked ?? 'invoke', 'other');
}

function internal(name: string, trigger: string): Invocation {
  const attributes: Attributes = { [standardAttributes.faasTrigger]: trigger };
  return { name, kind: 'internal', attributes };
}

/** Whether a function that returned has failed for a part of its batch, which comes again. */
export function hasBatchFailures(result: unknown): boolean {
  const failures = recordOf(result)?.['batchItemFailures'];
  return Array.isArray(failures) && failures.length > 0;
}
