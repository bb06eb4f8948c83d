import type { SQSEvent } from 'aws-lambda';
import { dispenseSubjectFacts, dispenseSubjects } from '../../../lambdas/contexts/dispense/subjects.ts';
import { handleErasures } from '../../../lambdas/contexts/person/automations/erasing/handle-erasures.ts';
import { SqsErasureQueue } from '../../../lambdas/contexts/person/automations/erasing/sqs-erasure-queue.ts';
import { indexPersons } from '../../../lambdas/contexts/person/automations/indexing/index-persons.ts';
import { personIndex } from '../../../lambdas/contexts/person/index/configured-index.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import type { Instance } from '../world/instance.ts';
import { definitionsIn } from './definitions.ts';
import { type Documents, documentEraserOf } from './documents.ts';
import type { Handler } from './handler.ts';
import { keysOf } from './keys.ts';
import { observerOf } from './observer.ts';
import { personIndexName, queueUrl } from './tables.ts';

/** No further stream is erased if less time than this is left, in ms. */
const reserveMs = 25_000;

/** The function `person-indexer`. */
export function composeIndexer(instance: Instance, platform: build.Platform): Handler {
  const observer = observerOf(instance);
  const dependencies = {
    log: build.eventLog(platform, observer),
    categories: [dispenseSubjectFacts],
    keys: keysOf(instance, platform),
    links: personIndex(platform, personIndexName),
    erasures: erasuresOf(instance),
    observer,
  };
  return async (event) => (await indexPersons((event as SQSEvent).Records, dependencies)).response;
}

/** The function `person-eraser`. It has no keys: it cannot decrypt. */
export function composeEraser(instance: Instance, platform: build.Platform, documents: Documents): Handler {
  const observer = observerOf(instance);
  const side = build.commandSide(platform, observer);
  const { dispense, person } = definitionsIn(instance.version).contexts;
  const index = personIndex(platform, personIndexName);
  const dependencies = {
    log: side.log,
    categories: [dispenseSubjects(build.commandHandler(dispense, side))],
    documents: documentEraserOf(instance, documents),
    keys: build.subjectKeyStore(platform),
    persons: index,
    index,
    queue: erasuresOf(instance),
    handler: build.commandHandler(person, side),
    now: platform.effects.now,
    observer,
  };
  return async (event, { remainingMs }) => {
    const hasTime = () => remainingMs() > reserveMs;
    return (await handleErasures((event as SQSEvent).Records, { ...dependencies, hasTime })).response;
  };
}

function erasuresOf({ clients: { sqs } }: Instance): SqsErasureQueue {
  return new SqsErasureQueue(sqs, queueUrl('erasures'));
}
