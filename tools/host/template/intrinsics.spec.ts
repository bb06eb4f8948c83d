// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how templates spell their variables.
import { describe, expect, it } from '@jest/globals';
import { referencesIn, resolveValue, type Scope } from './intrinsics.ts';
import { dependencyOrder } from './order.ts';

const scope: Scope = {
  ref: (name) => `ref of ${name}`,
  attribute: (id, name) => `${name} of ${id}`,
};

describe('intrinsic functions', () => {
  it.each([
    [{ Ref: 'Table' }, 'ref of Table'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Arn of Table'],
    [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
    [
      { 'Fn::Join': ['', ['https://xray.us-east-1.', { Ref: 'AWS::URLSuffix' }]] },
      'https://xray.us-east-1.amazonaws.com',
    ],
    [{ 'Fn::Select': [1, { 'Fn::Split': [' of ', { Ref: 'Table' }] }] }, 'Table'],
    [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Table' }] }] }, ''],
    [{ 'Fn::Sub': 'assets-${AWS::AccountId}-${Table}' }, 'assets-000000000000-ref of Table'],
  ])('%j', (value, expected) => {
    expect(resolveValue(value, scope)).toEqual(expected);
  });

  it('resolve at any depth, and leave the rest unchanged', () => {
    const value = { a: [{ b: { Ref: 'X' } }, 1, true], 'Fn::NotAlone': 1, c: null };
    expect(resolveValue(value, scope)).toEqual({
      a: [{ b: 'ref of X' }, 1, true],
      'Fn::NotAlone': 1,
      c: null,
    });
  });

  it.each([
    [{ 'Fn::GetAZs': 'us-east-1' }, 'the intrinsic function Fn::GetAZs is not supported.'],
    [{ Ref: 'AWS::StackName' }, 'the pseudo parameter AWS::StackName is not supported.'],
  ])('name what is not supported: %j', (value, sentence) => {
    expect(() => resolveValue(value, scope)).toThrow(sentence);
  });

  it('list what they refer to', () => {
    const value = { a: { Ref: 'A' }, b: { 'Fn::GetAtt': ['B', 'Arn'] }, c: { 'Fn::Sub': '${C}' } };
    expect(referencesIn([value, { Ref: 'AWS::Region' }])).toEqual(['A', 'B', 'C']);
  });
});

describe('the order of resources', () => {
  it('puts each after those it depends on', () => {
    const dependencies: Record<string, string[]> = { First: ['Second'], Second: ['Third', 'Elsewhere'] };
    const order = dependencyOrder(['First', 'Second', 'Third'], (id) => dependencies[id] ?? []);
    expect(order).toEqual(['Third', 'Second', 'First']);
  });

  it('names a circular dependency', () => {
    const dependencies: Record<string, string[]> = { A: ['B'], B: ['A'] };
    expect(() => dependencyOrder(['A', 'B'], (id) => dependencies[id] ?? [])).toThrow('A -> B -> A');
  });
});
