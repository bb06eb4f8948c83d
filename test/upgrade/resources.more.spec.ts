import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { templateOf } from '../support/synthesized.ts';
import { baselineFolder } from './baseline.ts';
import { describeWithBaseline } from './describe-with-baseline.ts';
import { differencesOf } from './differences.ts';
import { synthesizedBy } from './old-host.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The types that hold data, each with the properties that CloudFormation changes only by a new, empty resource. */
const createOnly: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  'AWS::Kinesis::Stream': ['Name'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

describeWithBaseline('the template that an upgrade deploys', () => {
  let old: Readonly<Record<string, Resource>>;
  let now: Readonly<Record<string, Resource>>;
  beforeAll(async () => {
    const assembly = await synthesizedBy(await baselineFolder());
    old = JSON.parse(readFileSync(join(assembly, 'streamfold-local.template.json'), 'utf8')).Resources;
    now = templateOf('local').toJSON()['Resources'];
  }, 120_000);

  it('keeps every resource that holds data, and replaces none', () => {
    const withData = Object.entries(old).filter(([, { Type }]) => Type in createOnly);
    expect(withData.length).toBeGreaterThan(10);
    const fixed = ({ Type, Properties }: Resource) =>
      [Type, ...(createOnly[Type] ?? []).map((name) => Properties[name] ?? null)] as const;
    const found = withData.flatMap(([id, resource]) =>
      differencesOf(id, fixed(resource), now[id] && fixed(now[id])),
    );
    expect(found).toEqual([]);
  });

  it('adds or removes at most one index of a table, as DynamoDB does in one deployment', () => {
    const indexesOf = ({ Properties }: Resource) =>
      ((Properties['GlobalSecondaryIndexes'] ?? []) as { IndexName: string }[]).map(
        (index) => index.IndexName,
      );
    for (const [id, resource] of Object.entries(old).filter(
      ([, { Type }]) => Type === 'AWS::DynamoDB::Table',
    )) {
      const [before, after] = [indexesOf(resource), now[id] ? indexesOf(now[id]) : []];
      const changed = [...before, ...after].filter((name) => before.includes(name) !== after.includes(name));
      expect({ table: id, changed: changed.slice(1) }).toEqual({ table: id, changed: [] });
    }
  });
});
