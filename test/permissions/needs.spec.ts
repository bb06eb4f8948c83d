import { describe, expect, it } from '@jest/globals';
import { needsOf } from './needs.ts';

/** What a call needs, as `action resource`. The resource is without account and region. */
function needed(call: Partial<Parameters<typeof needsOf>[0]>): string[] {
  const { permissions } = needsOf({
    service: 's3',
    method: 'POST',
    url: new URL('http://localhost/'),
    headers: {},
    body: Buffer.alloc(0),
    ...call,
  });
  return permissions.map(({ action, resource }) => `${action} ${resource.replace(/^arn:aws:.*:/, '')}`);
}

const json = (target: string, input: object) =>
  needed({ headers: { 'x-amz-target': target }, body: Buffer.from(JSON.stringify(input)) });

describe('a call of DynamoDB', () => {
  const dynamodb = (operation: string, input: object) => json(`DynamoDB_20120810.${operation}`, input);

  it.each(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'])(
    '%s: on its table',
    (operation) => {
      expect(dynamodb(operation, { TableName: 'T' })).toEqual([`dynamodb:${operation} table/T`]);
    },
  );

  it('of an item of the log: with its stream as the leading key', () => {
    const item = { stream: { S: 'ledger/a' }, version: { N: '1' } };
    const keysOf = (operation: string, input: object) =>
      needsOf({
        ...{ service: 'dynamodb', method: 'POST', url: new URL('http://localhost/') },
        headers: { 'x-amz-target': `DynamoDB_20120810.${operation}` },
        body: Buffer.from(JSON.stringify(input)),
      }).permissions.map(({ leadingKey }) => leadingKey);
    expect(keysOf('PutItem', { TableName: 'T', Item: item })).toEqual(['ledger/a']);
    expect(keysOf('DeleteItem', { TableName: 'T', Key: item })).toEqual(['ledger/a']);
    const puts = [item, { ...item, stream: { S: 'metrics/b' } }].map((Item) => ({
      Put: { TableName: 'T', Item },
    }));
    expect(keysOf('TransactWriteItems', { TransactItems: puts })).toEqual(['ledger/a', 'metrics/b']);
    expect(keysOf('PutItem', { TableName: 'T', Item: { pk: { S: 'ledger/a' } } })).toEqual([undefined]);
  });

  it.each(['Query', 'Scan'])('%s of an index: on the index alone', (operation) => {
    expect(dynamodb(operation, { TableName: 'T', IndexName: 'I' })).toEqual([
      `dynamodb:${operation} table/T/index/I`,
    ]);
  });

  it.each(['BatchGetItem', 'BatchWriteItem'])('%s: on each of its tables', (operation) => {
    expect(dynamodb(operation, { RequestItems: { T: {}, U: {} } })).toEqual([
      `dynamodb:${operation} table/T`,
      `dynamodb:${operation} table/U`,
    ]);
  });

  it('a transaction: what each of its items is', () => {
    const kinds = ['Put', 'Update', 'Delete', 'ConditionCheck'];
    const TransactItems = kinds.map((kind) => ({ [kind]: { TableName: kind } }));
    expect(dynamodb('TransactWriteItems', { TransactItems })).toEqual(
      kinds.map((kind) => `dynamodb:${kind}Item table/${kind}`),
    );
    expect(dynamodb('TransactGetItems', { TransactItems: [{ Get: { TableName: 'T' } }] })).toEqual([
      'dynamodb:GetItem table/T',
    ]);
  });

  it('a table may be named by its ARN', () => {
    expect(dynamodb('GetItem', { TableName: 'arn:aws:dynamodb:eu-west-1:1:table/T' })).toEqual([
      'dynamodb:GetItem table/T',
    ]);
  });
});

it('a call of Kinesis or SQS: on its stream or queue', () => {
  expect(json('Kinesis_20131202.PutRecords', { StreamName: 'S' })).toEqual(['kinesis:PutRecords stream/S']);
  expect(json('Kinesis_20131202.PutRecord', { StreamARN: 'arn:aws:kinesis:r:1:stream/S' })).toEqual([
    'kinesis:PutRecord stream/S',
  ]);
  for (const operation of ['SendMessage', 'SendMessageBatch']) {
    expect(json(`AmazonSQS.${operation}`, { QueueUrl: 'http://localhost:1/0/Q' })).toEqual([
      'sqs:SendMessage Q',
    ]);
  }
});

describe('a call of S3', () => {
  const s3 = (method: string, path: string, headers = {}) =>
    needed({ method, url: new URL(path, 'http://localhost'), headers });

  const callOf = (method: string, path: string, body = '') => ({
    ...{ service: 's3', method, headers: {}, url: new URL(path, 'http://localhost') },
    body: Buffer.from(body),
  });

  it('reads', () => {
    expect(s3('GET', '/b/k%20/1?x-id=GetObject&X-Amz-Signature=0')).toEqual(['s3:GetObject b/k /1']);
    expect(s3('HEAD', '/b/k')).toEqual(['s3:GetObject b/k']);
  });

  it('needs to list the bucket to learn that an object does not exist', () => {
    const call = { service: 's3', headers: {}, body: Buffer.alloc(0) };
    const { ifMissing } = needsOf({ ...call, method: 'HEAD', url: new URL('http://localhost/b/k') });
    expect(ifMissing).toEqual({ action: 's3:ListBucket', resource: 'arn:aws:s3:::b' });
  });

  it('writes, with tags or without, and deletes', () => {
    expect(s3('PUT', '/b/k')).toEqual(['s3:PutObject b/k']);
    expect(s3('PUT', '/b/k', { 'x-amz-tagging': 'a=b' })).toEqual([
      's3:PutObject b/k',
      's3:PutObjectTagging b/k',
    ]);
    expect(s3('DELETE', '/b/k')).toEqual(['s3:DeleteObject b/k']);
  });

  it('lists versions, and deletes objects with or without one', () => {
    const listed = needsOf(callOf('GET', '/b?versions&prefix=k'));
    expect(listed.permissions).toEqual([{ action: 's3:ListBucketVersions', resource: 'arn:aws:s3:::b' }]);
    const objects = '<Object><Key>k</Key><VersionId>null</VersionId></Object><Object><Key>l</Key></Object>';
    const deleted = needsOf(callOf('POST', '/b?delete', `<Delete>${objects}<Quiet>true</Quiet></Delete>`));
    expect(deleted).toEqual({
      operation: 's3:DeleteObjects',
      permissions: [
        { action: 's3:DeleteObjectVersion', resource: 'arn:aws:s3:::b/k' },
        { action: 's3:DeleteObject', resource: 'arn:aws:s3:::b/l' },
      ],
    });
  });

  it('copies, the tags of the source too unless they are replaced', () => {
    const copy = { 'x-amz-copy-source': '/a/from' };
    expect(s3('PUT', '/b/k', copy)).toEqual([
      's3:GetObject a/from',
      's3:PutObject b/k',
      's3:GetObjectTagging a/from',
      's3:PutObjectTagging b/k',
    ]);
    const replaced = { ...copy, 'x-amz-tagging-directive': 'REPLACE', 'x-amz-tagging': 'a=b' };
    expect(s3('PUT', '/b/k', replaced)).toEqual([
      's3:GetObject a/from',
      's3:PutObject b/k',
      's3:PutObjectTagging b/k',
    ]);
  });

  it.each([
    ['GET', '/b', 's3 GET /b'],
    ['GET', '/b/k?versionId=1', 's3 GET /b/k?versionId=1'],
    ['PUT', '/b/k?tagging', 's3 PUT /b/k?tagging'],
    ['POST', '/b/k', 's3 POST /b/k'],
  ])('that is not known is named: %s %s', (method, path, name) => {
    expect(() => s3(method, path)).toThrow(`which permissions ${name} needs`);
  });
});

it.each(['DynamoDB_20120810.DeleteTable', 'Kinesis_20131202.MergeShards', 'Logs_20140328.PutLogEvents'])(
  'an operation that is not known is named: %s',
  (target) => {
    expect(() => json(target, {})).toThrow(`which permissions ${target} needs`);
  },
);
