import { expect } from '@jest/globals';
import type { Infrastructure } from './aws-cli.ts';
import { resources, templateOf } from './synthesized.ts';

/**
 * Expects the tables, streams, functions, buckets and queues of the stack of stage `local`, and nothing else.
 * @param alsoThere names that do not belong to the stack
 */
export function expectTheStacksInfrastructure(
  found: Infrastructure,
  alsoThere: readonly string[] = [],
): void {
  const template = templateOf('local');
  // Names are generated from those of the stack and the resource; some services require lower case.
  const named = (type: string) =>
    resources(template, type)
      .map(([logicalId]) => `streamfold-local-${logicalId}`.toLowerCase())
      .sort();
  const functionNames = resources(template, 'AWS::Lambda::Function')
    .map(([, { Properties }]) => String(Properties['FunctionName']))
    .sort();
  const generated = (names: readonly string[]) =>
    names
      .filter((name) => !alsoThere.includes(name))
      // Emulators add a suffix, as AWS does.
      .map((name) => name.toLowerCase().replace(/^(streamfold-local-[^-]+)-[^-]+$/, '$1'))
      .sort();
  expect({
    tables: generated(found.tables),
    streams: generated(found.streams),
    functions: found.functions,
    buckets: generated(found.buckets),
    queues: generated(found.queues),
  }).toEqual({
    tables: named('AWS::DynamoDB::Table'),
    streams: named('AWS::Kinesis::Stream'),
    functions: functionNames,
    buckets: named('AWS::S3::Bucket'),
    queues: named('AWS::SQS::Queue'),
  });
}
