import { describe, expect, it } from '@jest/globals';
import { contextNames } from './contexts.ts';
import { reservedContextNames } from './names.ts';
import { scopeNames, specialScopes } from './scopes.ts';

describe('scopes', () => {
  it('follow from the catalogue, with the special ones', () => {
    expect(scopeNames).toEqual(
      expect.arrayContaining(['ledger:read', 'ledger:write', 'todo:read', 'streams:read']),
    );
    expect(scopeNames).not.toContain('todo:write');
    expect(new Set(scopeNames).size).toBe(scopeNames.length);
  });

  it('that are special belong to a context or to a reserved name', () => {
    const areas = Object.keys(specialScopes).map((scope) => scope.split(':')[0]);
    const known: readonly string[] = [...contextNames, ...reservedContextNames];
    expect(areas.filter((area = '') => !known.includes(area))).toEqual([]);
  });
});
