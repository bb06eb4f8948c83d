import type { DynamoDBStreamEvent } from 'aws-lambda';
import { publisherDestinations } from '../../../lambdas/contexts/publisher-destinations.ts';
import { drainWaiting, publishBatch, republishParked } from '../../../lambdas/kernel/lambda/index.ts';
import { requirePublishable } from '../../../lambdas/messaging/published-commit.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import { publishedQueueNames, recordOf } from '../../../schema/contexts.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import type { Instance } from '../world/instance.ts';
import { definitionsIn } from './definitions.ts';
import type { Handler } from './handler.ts';
import { observerOf } from './observer.ts';
import { eventStreamResource, queueUrl } from './tables.ts';

/** Draining and redriving begin no further portion if less time than this is left, in ms. */
const reserveMs = 12_000;
const redriveMax = 1_000;

/** What a schedule or a person sends. */
type Asked = { readonly drain: true } | { readonly redrive: true };

/** The function `publisher`. */
export function composePublisher(instance: Instance, platform: build.Platform): Handler {
  const { effects } = platform;
  const observer = observerOf(instance);
  const adapters = {
    keys: eventLogTable,
    requirePublishable,
    log: build.eventLog(platform, observer),
    parkingLot: build.parkingLot(platform),
    waitingRoom: build.waitingRoom(platform),
    progress: build.control(platform),
    observer,
    effects,
  };
  const { kinesis, sqs } = instance.clients;
  const rules = definitionsIn(instance.version).todoRules;
  const eventStream = eventStreamResource;
  const queueUrls = recordOf(publishedQueueNames, queueUrl);
  const destinations = publisherDestinations({ kinesis, sqs, effects, eventStream, queueUrls, rules });
  return async (event, { remainingMs }) => {
    const hasTime = () => remainingMs() > reserveMs;
    const asked = event as DynamoDBStreamEvent | Asked;
    if ('Records' in asked)
      return (await publishBatch(asked.Records, { ...adapters, destinations })).response;
    if ('redrive' in asked) {
      const range = { limit: redriveMax, hasTime };
      return Promise.all(destinations.map((destination) => republishParked(destination, adapters, range)));
    }
    const each = await Promise.allSettled(
      destinations.map((destination) => drainWaiting(destination, adapters, hasTime)),
    );
    const failure = each.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    return each.length;
  };
}
