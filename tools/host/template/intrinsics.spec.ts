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
    [{ 'Fn::GetAtt': 'Table.Arn' }, 'Arn of Table'],
    [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
    [
      { 'Fn::Sub': '${AWS::Region}/${Table}/${Table.Arn}/${!Kept}' },
      'us-east-1/ref of Table/Arn of Table/${Kept}',
    ],
    [{ 'Fn::Sub': ['${mine}-${Table}', { mine: { Ref: 'Other' } }] }, 'ref of Other-ref of Table'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [' ', { Ref: 'Table' }] }] }, 'of'],
  ])('%j', (value, expected) => {
    expect(resolveValue(value, scope)).toEqual(expected);
  });

  it('resolve at any depth, and leave the rest as it is', () => {
    const value = { a: [{ b: { Ref: 'X' } }, 1, true], 'Fn::NotAlone': 1, c: null };
    expect(resolveValue(value, scope)).toEqual({
      a: [{ b: 'ref of X' }, 1, true],
      'Fn::NotAlone': 1,
      c: null,
    });
  });

  it('leave out what has no value', () => {
    expect(resolveValue({ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, scope)).toEqual({
      b: [1],
    });
  });

  it('name the one that is unknown', () => {
    expect(() => resolveValue({ 'Fn::Cidr': ['a', 'b'] }, scope)).toThrow(/uses Fn::Cidr, unknown here/);
  });

  it('tell what they refer to', () => {
    const value = { a: { Ref: 'A' }, b: { 'Fn::GetAtt': ['B', 'Arn'] }, c: { 'Fn::Sub': '${C}${D.Arn}' } };
    expect(referencesIn(value)).toEqual(['A', 'B', 'C', 'D']);
  });
});

describe('the order of resources', () => {
  it('puts each after those it depends on', () => {
    const order = dependencyOrder({
      First: { Type: 'T', Properties: { x: { Ref: 'Second' } } },
      Second: { Type: 'T', DependsOn: 'Third' },
      Third: { Type: 'T', Properties: { x: { Ref: 'AWS::Region' } } },
    });
    expect(order).toEqual(['Third', 'Second', 'First']);
  });

  it('names a circle', () => {
    const resources = {
      A: { Type: 'T', Properties: { x: { Ref: 'B' } } },
      B: { Type: 'T', Properties: { x: { 'Fn::GetAtt': ['A', 'Arn'] } } },
    };
    expect(() => dependencyOrder(resources)).toThrow('A -> B -> A');
  });
});
