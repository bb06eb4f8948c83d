import type { Context, SQSEvent } from 'aws-lambda';
import { queueUrlVariable } from '../../schema/names.ts';
import { dispenseContext } from '../contexts/dispense/context.ts';
import { s3Client } from '../contexts/dispense/documents/s3-client.ts';
import { dispenseSubjects } from '../contexts/dispense/subjects.ts';
import { erasuresInTrace } from '../contexts/person/automations/erasing/erasure-message.ts';
import { handleErasures } from '../contexts/person/automations/erasing/handle-erasures.ts';
import { sendEnded, sendRestored } from '../contexts/person/automations/erasing/retention.ts';
import { S3DocumentEraser } from '../contexts/person/automations/erasing/s3-document-eraser.ts';
import { SqsErasureQueue } from '../contexts/person/automations/erasing/sqs-erasure-queue.ts';
import { personContext } from '../contexts/person/context.ts';
import { personIndex } from '../contexts/person/index/configured-index.ts';
import * as build from '../runtime/adapters.ts';
import { sqsClient } from '../runtime/clients.ts';
import { requireEnv, requirePositiveInteger } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';

/** No further stream is erased if less time than this is left, in ms. One stream needs it when calls are slow. */
const reserveMs = 25_000;

/** An event of the schedule; or, from a person, after the table of keys or the index of persons was restored. */
type RunEvent = { readonly retention: true } | { readonly restored: true };

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const side = build.commandSide(platform, observer);
const index = personIndex(platform, requireEnv(env, 'PERSON_INDEX_TABLE'));
const dependencies = {
  log: side.log,
  categories: [dispenseSubjects(build.commandHandler(dispenseContext, side))],
  documents: new S3DocumentEraser(s3Client(env), requireEnv(env, 'DOCUMENT_BUCKET')),
  keys: build.subjectKeyStore(platform),
  persons: index,
  index,
  queue: new SqsErasureQueue(sqsClient({ maxAttempts: 2 }), requireEnv(env, queueUrlVariable('erasures'))),
  handler: build.commandHandler(personContext, side),
  bookmarks: build.control(platform),
  now: nodeEffects.now,
  observer,
};

/** Erases what the queue says. The other events send streams to the queue: those kept for too long, or all of them. */
async function erase(event: SQSEvent | RunEvent, context: Context): Promise<unknown> {
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  if ('Records' in event) {
    const { response, ...counts } = await handleErasures(event.Records, { ...dependencies, hasTime });
    logger.info('Erased', { ...counts, failed: response.batchItemFailures.length });
    return response;
  }
  const result = await send(event, hasTime);
  logger.info('Sent streams to the queue of erasures', { ...result });
  return result;
}

function send(event: RunEvent, hasTime: () => boolean) {
  const now = nodeEffects.now();
  const queue = erasuresInTrace(dependencies.queue, observer.traceparent());
  const sending = { ...dependencies, queue, hasTime };
  if ('retention' in event && event.retention === true) {
    const days = requirePositiveInteger(env, 'RETENTION_DAYS');
    return sendEnded({ now, days }, sending);
  }
  if ('restored' in event && event.restored === true) return sendRestored(now, sending);
  throw new TypeError(
    'The eraser accepts messages of its queue, {"retention": true} and {"restored": true}.',
  );
}

export const handler = runtime.handler(erase);
