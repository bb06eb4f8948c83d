import { afterEach, describe, expect, it } from '@jest/globals';
import { type Host, startHost } from '../../tools/host/host.ts';
import { writeApp } from '../support/app-fixture.ts';
import { type PermissionGate, permissionGate } from './gate.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Makes the call that its event describes, signed with its own key, and returns the answer. */
const caller = {
  source: `exports.handler = async ({ service, method = 'POST', path = '/', target, input }) => {
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/' + service + '/aws4_request';
    const response = await fetch(process.env['AWS_ENDPOINT_URL_' + service.toUpperCase()] + path, {
      method,
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=0',
        'x-amz-date': '20260101T000000Z',
        ...(target && { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }),
      },
      ...(input && { body: typeof input === 'string' ? input : JSON.stringify(input) }),
    });
    return { status: response.status, body: await response.text() };
  }`,
  properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
};

const keySchema = [{ AttributeName: 'id', KeyType: 'HASH' }];
const resources = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: { KeySchema: keySchema, AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }] },
  },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Role: { Type: 'AWS::IAM::Role' },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } },
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] },
          },
        ],
      },
    },
  },
};

describe('the gate', () => {
  let host: Host;
  let gate: PermissionGate;
  const start = async () => {
    const app = writeApp({ caller }, resources);
    cleanups.push(() => app.remove());
    gate = permissionGate();
    const { interceptCalls } = gate;
    host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: app.folder, interceptCalls });
    cleanups.push(() => host.stop());
    return gate.calls;
  };
  const call = async (event: object): Promise<{ status: number; body: string }> => {
    const url = `${host.awsUrl}/2015-03-31/functions/caller/invocations`;
    return (await fetch(url, { method: 'POST', body: JSON.stringify(event) })).json() as never;
  };
  const dynamodb = (operation: string, input: object) =>
    call({
      service: 'dynamodb',
      target: `DynamoDB_20120810.${operation}`,
      input: { TableName: 'app-Table', ...input },
    });
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/app-Table';

  it('passes on what the role allows, and reports it', async () => {
    const calls = await start();
    expect(await dynamodb('PutItem', { Item: { id: { S: 'a' } } })).toEqual({ status: 200, body: '{}' });
    expect(calls).toEqual([
      {
        functionName: 'caller',
        operation: 'dynamodb:PutItem',
        permissions: [{ action: 'dynamodb:PutItem', resource: table }],
      },
    ]);
    expect(gate.grants.get('caller')?.[0]).toEqual({ action: 'dynamodb:PutItem', resource: table });
  });

  it('denies what the role does not allow, as AWS does, and says why', async () => {
    const calls = await start();
    const { status, body } = await dynamodb('GetItem', { Key: { id: { S: 'a' } } });
    const refusal = `User: caller is not authorized to perform: dynamodb:GetItem on resource: ${table} because no identity-based policy allows the dynamodb:GetItem action`;
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({ __type: 'AccessDeniedException', message: refusal });
    expect(calls).toMatchObject([{ operation: 'dynamodb:GetItem', refusal }]);
  });

  it('hides that an object is missing from a role that may not list its bucket', async () => {
    const calls = await start();
    const object = { service: 's3', path: '/app-bucket/key' };
    expect(await call({ ...object, method: 'GET' })).toMatchObject({
      status: 403,
      body: expect.stringContaining('<Code>AccessDenied</Code>'),
    });
    expect(calls.at(-1)?.refusal).toContain('s3:ListBucket on resource: arn:aws:s3:::app-bucket');
    expect(await call({ ...object, method: 'PUT', input: 'content' })).toMatchObject({ status: 200 });
    expect(await call({ ...object, method: 'GET' })).toEqual({ status: 200, body: 'content' });
    expect(await call({ ...object, method: 'DELETE' })).toMatchObject({ status: 403 });
  });

  it('refuses an operation that it does not know, by name', async () => {
    const calls = await start();
    expect(await dynamodb('ListTables', {})).toMatchObject({ status: 501 });
    expect(calls.at(-1)?.refusal).toContain('DynamoDB_20120810.ListTables');
  });
});
