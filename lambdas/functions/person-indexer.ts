import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueUrlVariable } from '../../schema/names.ts';
import { dispenseSubjectFacts } from '../contexts/dispense/subjects.ts';
import { SqsErasureQueue } from '../contexts/person/automations/erasing/sqs-erasure-queue.ts';
import { indexPersons } from '../contexts/person/automations/indexing/index-persons.ts';
import { personIndex } from '../contexts/person/index/configured-index.ts';
import * as build from '../runtime/adapters.ts';
import { sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const dependencies = {
  log: build.eventLog(platform, observer),
  categories: [dispenseSubjectFacts],
  keys: build.subjectKeys(platform),
  links: personIndex(platform, requireEnv(env, 'PERSON_INDEX_TABLE')),
  erasures: new SqsErasureQueue(sqsClient({ maxAttempts: 2 }), requireEnv(env, queueUrlVariable('erasures'))),
  observer,
};

/** Links the streams in the queue to the persons that they name. */
async function index({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { response, ...counts } = await indexPersons(Records, dependencies);
  const failed = response.batchItemFailures.length;
  logger.info('Indexed persons', { ...counts, failed });
  return response;
}

export const handler = runtime.handler(index);
