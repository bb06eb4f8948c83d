import { describe, expect, it } from '@jest/globals';
import { covers, grantsIn } from './policy.ts';

const statement = (elements: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'a:One', Resource: 'x', ...elements }],
});

describe('a policy document', () => {
  it('grants every action of a statement on every resource of it', () => {
    expect(grantsIn(statement({ Action: ['a:One', 'a:Two'], Resource: ['x', 'y'] }))).toEqual([
      { action: 'a:One', resource: 'x' },
      { action: 'a:One', resource: 'y' },
      { action: 'a:Two', resource: 'x' },
      { action: 'a:Two', resource: 'y' },
    ]);
  });

  it('may have a statement outside a list', () => {
    expect(grantsIn({ Statement: statement({}).Statement[0] })).toEqual([{ action: 'a:One', resource: 'x' }]);
  });

  it('grants an action for each of the leading keys', () => {
    const like = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['a/*', 'b/*'] } };
    const Condition = { ...like, Null: { 'dynamodb:LeadingKeys': 'false' } };
    expect(grantsIn(statement({ Condition }))).toEqual([
      { action: 'a:One', resource: 'x', leadingKey: 'a/*' },
      { action: 'a:One', resource: 'x', leadingKey: 'b/*' },
    ]);
    // It would also allow a call without any key.
    expect(() => grantsIn(statement({ Condition: like }))).toThrow('Condition');
    expect(() => grantsIn(statement({ Condition: { ...Condition, Bool: {} } }))).toThrow('Condition');
  });

  it.each([
    ['Condition', { Condition: { Bool: { 'aws:SecureTransport': true } } }],
    ['NotAction', { NotAction: 'a:One', Action: undefined }],
    ['NotResource', { NotResource: 'x' }],
    ['Deny', { Effect: 'Deny' }],
    ['Action', { Action: undefined }],
    ['Resource', { Resource: { Ref: 'X' } }],
  ])('is refused when an element is not supported: %s', (name, elements) => {
    expect(() => grantsIn(statement(elements))).toThrow(name);
  });
});

describe('a grant for leading keys', () => {
  const permission = { action: 'dynamodb:PutItem', resource: 'table' };
  const grant = { ...permission, leadingKey: 'ledger/*' };

  it.each([
    ['ledger/a', true],
    ['ledger/tenant/a', true],
    ['metrics/a', false],
    ['Ledger/a', false],
    ['xledger/a', false],
    [undefined, false],
  ])('for %s: %s', (leadingKey, expected) => {
    expect(covers(grant, { ...permission, ...(leadingKey !== undefined && { leadingKey }) })).toBe(expected);
    expect(covers(permission, { ...permission, ...(leadingKey !== undefined && { leadingKey }) })).toBe(true);
  });
});

describe('a grant', () => {
  const grant = { action: 's3:Get*', resource: 'arn:aws:s3:::bucket.one/?-*' };

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::bucket.one/a-b/c', true],
    ['S3:getobject', 'arn:aws:s3:::bucket.one/a-', true],
    ['s3:PutObject', 'arn:aws:s3:::bucket.one/a-b', false],
    ['s3:GetObject', 'arn:aws:s3:::bucketXone/a-b', false],
    ['s3:GetObject', 'arn:aws:s3:::bucket.one/ab-b', false],
    ['s3:GetObject', 'arn:aws:s3:::BUCKET.one/a-b', false],
    ['xs3:GetObject', 'arn:aws:s3:::bucket.one/a-b', false],
  ])('for %s on %s: %s', (action, resource, expected) => {
    expect(covers(grant, { action, resource })).toBe(expected);
  });
});
