import { describe, expect, it } from '@jest/globals';
import type { QueueName } from '../../../schema/contexts.ts';
import { constructName } from '../../../schema/names.ts';
import { logicalIdOf, resources, templateOf } from '../../support/synthesized.ts';
import {
  hiddenMs,
  maxRecordAgeMs,
  projectorFeeds,
  publisherFeed,
  queueFeeds,
  timeoutsMs,
  workQueues,
} from './settings.ts';

const template = templateOf('dev');
type Properties = Readonly<Record<string, unknown>>;
const allOf = (type: string): readonly Properties[] =>
  resources(template, type).map(([, { Properties }]) => Properties);

const functions = resources(template, 'AWS::Lambda::Function').map(([logicalId, { Properties }]) => ({
  id: logicalIdOf({ Ref: logicalId }),
  name: String(JSON.stringify((Properties as Properties)['FunctionName'] ?? '')),
  timeoutMs: Number((Properties as Properties)['Timeout']) * 1_000,
}));
/** By the end of its name, which begins with the stage. */
const functionOf = (name: string) => functions.find((one) => one.name.includes(`-${name}"`));
const mappings = allOf('AWS::Lambda::EventSourceMapping').map((properties) => ({
  consumer: logicalIdOf(properties['FunctionName']),
  properties,
}));
const mappingsOf = (consumer: string) =>
  mappings
    .filter((mapping) => mapping.consumer === functionOf(consumer)?.id)
    .map(({ properties }) => properties);
const mappingOf = (consumer: string) => mappingsOf(consumer)[0];
const sourceOf = (mapping: Properties) => Object.values(mapping['EventSourceArn'] ?? {}).flat()[0];
/** The beginning of the logical id of a queue. */
const idOf = (queue: string) =>
  queue === 'unread' ? 'AnalysisQueueFailures' : `${constructName(queue as QueueName)}Queue`;
const isQueue = (logicalId: unknown, queue: string) =>
  new RegExp(`^${idOf(queue)}[0-9A-F]{8}$`).test(String(logicalId));

describe('the settings of the simulated delivery are those of the template', () => {
  it.each(Object.entries(timeoutsMs))('the timeout of %s', (name, timeoutMs) => {
    expect(functionOf(name)?.timeoutMs).toBe(timeoutMs);
  });

  it.each([publisherFeed, ...projectorFeeds])(
    'the stream that feeds $consumer',
    ({ consumer, batchSize }) => {
      expect(mappingOf(consumer)).toMatchObject({
        BatchSize: batchSize,
        BisectBatchOnFunctionError: true,
        MaximumRecordAgeInSeconds: maxRecordAgeMs / 1_000,
        MaximumRetryAttempts: -1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    },
  );

  it.each(queueFeeds)('the queue $queue that feeds $consumer', (feed) => {
    const mapping = mappingsOf(feed.consumer).find((one) => isQueue(sourceOf(one), feed.queue));
    expect(mapping).toMatchObject({
      BatchSize: feed.batchSize,
      ScalingConfig: { MaximumConcurrency: feed.maxConcurrency },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const queue = resources(template, 'AWS::SQS::Queue').find(([logicalId]) =>
      isQueue(logicalId, feed.queue),
    );
    const { maxReceives, failures } = workQueues.find(({ name }) => name === feed.queue) ?? {};
    const { RedrivePolicy, ...properties } = (queue?.[1].Properties ?? {}) as Properties;
    expect(properties).toMatchObject({ VisibilityTimeout: hiddenMs(feed) / 1_000 });
    expect(RedrivePolicy).toMatchObject({ maxReceiveCount: maxReceives });
    if (failures === undefined) return;
    const [target] = Object.values((RedrivePolicy as Properties)['deadLetterTargetArn'] ?? {}).flat();
    expect(isQueue(target, failures)).toBe(true);
  });
});
