import { execFileSync } from 'node:child_process';
import { beforeAll, expect, it } from '@jest/globals';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { type Resource, templateOf } from '../support/synthesized.ts';

/** Prints the properties by type that CloudFormation cannot change without a new resource, from the schemas in cfn-lint. */
const script = `
import json, sys
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as schemas
types = sys.argv[1:]
print(json.dumps({t: schemas.get_resource_schema('us-east-1', t).schema.get('createOnlyProperties', []) for t in types}))
`;

const resourcesOf = (storageKey: string) =>
  templateOf('prod', { alarms: 'silent', storageKey }).toJSON()['Resources'] as Record<string, Resource>;

describeWithPython('a stage that gets a storage key', () => {
  let python: string;
  beforeAll(async () => {
    python = await installedPython();
  }, installDeadlineMs);

  const createOnly = (types: readonly string[]) =>
    JSON.parse(execFileSync(python, ['-c', script, ...types], { encoding: 'utf8' })) as Record<
      string,
      readonly string[]
    >;

  it('keeps all its resources: the properties that change can be changed in place', () => {
    const [before, after] = [resourcesOf('aws'), resourcesOf('customer-managed')];
    expect(Object.keys(after).filter((id) => !(id in before))).toEqual([
      expect.stringMatching(/^StorageKey[0-9A-F]{8}$/),
      expect.stringMatching(/^StorageKeyAlias/),
    ]);
    expect(Object.keys(before).filter((id) => !(id in after))).toEqual([]);
    const changed = Object.entries(before).flatMap(([id, { Type, Properties = {} }]) => {
      const changes = after[id]?.Properties ?? {};
      return [...new Set([...Object.keys(Properties), ...Object.keys(changes)])]
        .filter((name) => JSON.stringify(Properties[name]) !== JSON.stringify(changes[name]))
        .map((name) => `${Type}/${name}`);
    });
    expect([...new Set(changed)].sort()).toEqual([
      'AWS::CloudTrail::Trail/KMSKeyId',
      'AWS::DynamoDB::Table/SSESpecification',
      'AWS::Kinesis::Stream/StreamEncryption',
      'AWS::Logs::LogGroup/KmsKeyId',
      'AWS::S3::Bucket/BucketEncryption',
      'AWS::SQS::Queue/KmsDataKeyReusePeriodSeconds',
      'AWS::SQS::Queue/KmsMasterKeyId',
      'AWS::SQS::Queue/SqsManagedSseEnabled',
    ]);
    const types = [...new Set(changed.map((each) => each.split('/')[0] ?? ''))];
    const fixed = Object.entries(createOnly(types)).flatMap(([type, paths]) =>
      paths.map((path) => `${type}/${path.split('/')[2]}`),
    );
    expect(fixed).toContain('AWS::SQS::Queue/QueueName');
    expect(changed.filter((each) => fixed.includes(each))).toEqual([]);
  });
});
