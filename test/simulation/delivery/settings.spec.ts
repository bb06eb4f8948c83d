import { describe, expect, it } from '@jest/globals';
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
const mappingOf = (consumer: string) =>
  mappings.find((mapping) => mapping.consumer === functionOf(consumer)?.id)?.properties;

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

  it.each(queueFeeds)('the queue that feeds $consumer', (feed) => {
    expect(mappingOf(feed.consumer)).toMatchObject({
      BatchSize: feed.batchSize,
      ScalingConfig: { MaximumConcurrency: feed.maxConcurrency },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const [source] = Object.values(mappingOf(feed.consumer)?.['EventSourceArn'] ?? {}).flat();
    expect(source).toMatch(new RegExp(`^${constructName(feed.queue)}Queue`));
    const queue = resources(template, 'AWS::SQS::Queue').find(([logicalId]) => logicalId === source);
    expect(queue?.[1].Properties).toMatchObject({
      VisibilityTimeout: hiddenMs(feed) / 1_000,
      RedrivePolicy: {
        maxReceiveCount: workQueues.find(({ name }) => name === feed.queue)?.maxReceives,
      },
    });
  });
});
